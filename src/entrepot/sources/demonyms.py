"""Words by which lists call the citizens of a state."""

from __future__ import annotations

_WORDS = """
af Afghan; al Albanian; dz Algerian; ao Angolan; ar Argentinian,Argentine; am Armenian; au Australian; at Austrian
az Azerbaijani; bh Bahraini; bd Bangladeshi,Bangladesh; by Belarusian,Belarussian,Byelorussian; be Belgian
ba Bosnian,Bosnian and Herzegovinian; br Brazilian; bg Bulgarian; bi Burundian; kh Cambodian; cm Cameroonian
ca Canadian; cf Central African,Central-African; td Chadian; cl Chilean; cn Chinese; co Colombian; cd Congolese,DRC
hr Croatian; cu Cuban; cy Cypriot; cz Czech; dk Danish; dj Djiboutian; nl Dutch; ec Ecuadorian; eg Egyptian
gq Equatorial Guinean; er Eritrean; ee Estonian; et Ethiopian; fi Finnish; fr French; ga Gabonese; gm Gambian
ge Georgian; de German; gh Ghanaian; gr Greek; gt Guatemalan; gn Guinean; gw Bissau-Guinean,Bissau Guinean
ht Haitian; hu Hungarian; in Indian; id Indonesian; ir Iranian; iq Iraqi; ie Irish; il Israeli; it Italian
ci Ivorian; jp Japanese; jo Jordanian; kz Kazakh,Kazakhstani; ke Kenyan; kp DPRK,North Korean; kr South Korean
xk Kosovar; kw Kuwaiti; kg Kyrgyz,Kyrgyzstani; lv Latvian; lb Lebanese; lr Liberian; ly Libyan; lt Lithuanian
mk Macedonian; mg Malagasy; my Malaysian; mv Maldivian; ml Malian; mt Maltese; mr Mauritanian; mx Mexican
md Moldovan,Moldavian; mn Mongolian; me Montenegrin; ma Moroccan; mz Mozambican
mm Burmese,Myanmar national,Myanmar/Burma,Myanmarese; np Nepalese; nz New Zealander; ni Nicaraguan; ne Nigerien
ng Nigerian; no Norwegian; om Omani; pk Pakistani; ps Palestinian; pa Panamanian; py Paraguayan; pe Peruvian
ph Filipino,Philippine; pl Polish; pt Portuguese; qa Qatari; ro Romanian; ru Russian; rw Rwandan; sa Saudi,Saudi Arabian
sn Senegalese; rs Serbian; sl Sierra Leonean; sg Singaporean; sk Slovak; si Slovenian; so Somali,Somalian
za South African; ss South Sudanese; es Spanish; lk Sri Lankan; sd Sudanese; se Swedish; ch Swiss; sy Syrian
tw Taiwanese; tj Tajik,Tajikistani; tz Tanzanian; th Thai; tt Trinidadian,Trinidad and Tobago; tn Tunisian
tr Turkish; tm Turkmen; ug Ugandan; ua Ukrainian; ae Emirati; gb British,UK; us American,US; uy Uruguayan
uz Uzbek,Uzbekistani; ve Venezuelan; vn Vietnamese; ye Yemeni; zm Zambian; zw Zimbabwean; suhh Soviet,USSR
"""
DEMONYMS: dict[str, str] = {
    word.strip().lower(): entry.split(None, 1)[0]
    for line in _WORDS.strip().splitlines()
    for entry in line.split(";")
    if entry.strip()
    for word in entry.split(None, 1)[1].split(",")
}
