"""What the UK Sanctions List calls its elements and columns."""

from __future__ import annotations

ROOT = "Designations"
NEEDED_COLUMNS = ("Unique ID", "Name 6", "Regime Name")
NAME_COLUMNS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name type", "Alias strength")
ADDRESS_COLUMNS = (
    *(f"Address Line {number}" for number in range(1, 7)), "Address Postal Code", "Address Country",
)  # fmt: skip
# Column: what it says.
COLUMNS = {
    "Last Updated": "updated", "Date Designated": "designated", "UN Reference Number": "un_reference",
    "Designation Type": "type", "Individual, Entity, Ship": "type", "Regime Name": "regime",
    "Designation source": "source", "Sanctions Imposed": "imposed", "Other Information": "other",
    "UK Statement of Reasons": "reasons", "Title": "title", "Name non-latin script": "non_latin",
    "Phone number": "phone", "Website": "website", "Email address": "email", "D.O.B": "birth_date",
    "Nationality(/ies)": "nationality", "Position": "position", "Gender": "gender", "Type of entity": "entity_type",
    "Subsidiaries": "subsidiary", "Parent company": "parent", "Business registration number (s)": "business_number",
    "IMO number": "imo", "Current owner/operator (s)": "owner", "Previous owner/operator (s)": "past_owner",
    "Current believed flag of ship": "flag", "Previous flags": "past_flag", "Type of ship": "ship_type",
    "Tonnage of ship": "tonnage", "Length of ship": "length", "Year Built": "built",
    "Hull identification number (HIN)": "hull", "Town of birth": "birth_town", "Country of birth": "birth_land",
    "Passport number": "passport", "Passport additional information": "passport_about",
    "National Identifier number": "national_id", "National Identifier additional information": "national_id_about",
    "OFSI Group ID": "ofsi", "Non-latin script type": "script", "Non-latin script language": "language",
}  # fmt: skip
# What is said: path of the element.
PATHS = {
    "updated": "LastUpdated", "designated": "DateDesignated", "un_reference": "UNReferenceNumber",
    "type": "IndividualEntityShip", "regime": "RegimeName", "source": "DesignationSource",
    "imposed": "SanctionsImposed", "other": "OtherInformation", "reasons": "UKStatementofReasons",
    "non_latin": "NonLatinNames/NonLatinName/NameNonLatinScript", "phone": "PhoneNumbers/PhoneNumber",
    "email": "EmailAddresses/EmailAddress", "website": "Websites/Website",
    "title": "IndividualDetails/Individual/Titles/Title", "birth_date": "IndividualDetails/Individual/DOBs/DOB",
    "nationality": "IndividualDetails/Individual/Nationalities/Nationality",
    "position": "IndividualDetails/Individual/Positions/Position",
    "gender": "IndividualDetails/Individual/Genders/Gender",
    "entity_type": "EntityDetails/Entity/TypeOfEntities/TypeOfEntity",
    "subsidiary": "EntityDetails/Entity/Subsidiaries/Subsidiary",
    "parent": "EntityDetails/Entity/ParentCompanies/ParentCompany",
    "business_number": "EntityDetails/Entity/BusinessRegistrationNumbers/BusinessRegistrationNumber",
    "imo": "ShipDetails/Ship/IMONumbers/IMONumber",
    "owner": "ShipDetails/Ship/CurrentOwnerOperators/CurrentOwnerOperator",
    "past_owner": "ShipDetails/Ship/PreviousOwnerOperators/PreviousOwnerOperator",
    "flag": "ShipDetails/Ship/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip",
    "past_flag": "ShipDetails/Ship/PreviousFlags/PreviousFlag",
    "ship_type": "ShipDetails/Ship/TypeOfShipDetails/TypeOfShip",
    "tonnage": "ShipDetails/Ship/TonnageOfShipDetails/TonnageOfShip",
    "length": "ShipDetails/Ship/LengthOfShipDetails/LengthOfShip",
    "built": "ShipDetails/Ship/YearsBuilt/YearBuilt",
    "hull": "ShipDetails/Ship/HullIdentificationNumbers/HullIdentificationNumber",
}  # fmt: skip
_PERSON = "IndividualDetails/Individual"
KNOWN = frozenset(
    (
        *PATHS.values(), "UniqueID", "OFSIGroupID", "SanctionsImposedIndicators/*", "NonLatinNames/NonLatinName/*",
        *(f"Names/Name/Name{number}" for number in range(1, 7)), "Names/Name/NameType", "Names/Name/AliasStrength",
        *(f"Addresses/Address/AddressLine{number}" for number in range(1, 7)), "Addresses/Address/AddressPostalCode",
        "Addresses/Address/AddressCountry", f"{_PERSON}/BirthDetails/Location/TownOfBirth",
        f"{_PERSON}/BirthDetails/Location/CountryOfBirth", f"{_PERSON}/PassportDetails/Passport/PassportNumber",
        f"{_PERSON}/PassportDetails/Passport/PassportAdditionalInformation",
        f"{_PERSON}/NationalIdentifierDetails/NationalIdentifier/NationalIdentifierNumber",
        f"{_PERSON}/NationalIdentifierDetails/NationalIdentifier/NationalIdentifierAdditionalInformation",
    )
)  # fmt: skip
