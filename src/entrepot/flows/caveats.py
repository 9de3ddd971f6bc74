"""Caveats: what limits a row, as stable ids with a sentence each."""

from __future__ import annotations

CAVEATS = {
    "no_controls": "No clean control exists in this data: read the excess as excess over the series' own trend.",
    "short_history": "Less than two years of past: season and trend cannot be told apart.",
    "in_leg_only": "Only the leg from the origins to the intermediary is in the data; the onward leg is not seen.",
    "out_leg_only": "Only the leg from the intermediary to the destination is in the data.",
    "customs_union": "Intermediary and destination share a customs union: trade between them is recorded by firms'"
    " reports, not declarations, and is under-recorded.",
    "origins_left_out": "Some origins do not report from the beginning of the window to its end and are left out.",
    "unknown_months": "Some months are unknown, because a reporter was silent or a value was withheld.",
    "codes_by_data": "No concordance for a revision inside the window: codes that were born or ended there were found"
    " in the data.",
    "grouped_codes": "Several codes are taken together, because a revision of the nomenclature moved goods between"
    " them.",
    "group_cut_at_heading": "The group of codes was too large and was cut at its headings.",
    "list_covers_part_of_group": "The product list names only some of the codes taken together here.",
    "two_valuations": "A report gives cells of the product both fob and cif: of each, one is read, exports fob and"
    " imports cif where given.",
    "two_revisions": "A report gives the product under several revisions of the nomenclature in one month: the one"
    " nearest to the revision in force is read.",
    "precious_metals": "Precious metals and stones: values move with gold, and routes are often financial.",
    "controls_disagree": "The control sets disagree on whether there is an excess; no alert is raised.",
    "few_active_months": "Trade in fewer than a quarter of the months before the event.",
    "new_route": "No trade at all before the event.",
    "mirror_report": "Read from the importer's report, because the exporter does not report the whole window.",
    "legs_in_different_currencies": "The two legs are reported in different currencies.",
    "later_extraction": "As of a month, but read from an extraction made after it: figures may have been revised, and"
    " what was first published is not in the lake.",
    "later_list": "As of a month in which the product list did not exist yet: its oldest version is read.",
    "hub_onward_unseen": "What the first intermediary itself sends to the destination is not in the data: it may have"
    " sent the goods there directly.",
    "hub_sells_on_itself": "The first intermediary also sends more to the destination itself; that part is taken off"
    " the upper bound.",
    "first_leg_unclear": "What the first intermediary takes in is too much to tell whether it rose: the lower bound is"
    " zero.",
    "other_sources_possible": "The second intermediary's rise may have come wholly from elsewhere: the lower bound is"
    " zero.",
    "code_born": "Not testable: the code did not exist before the event.",
    "code_ended": "Not testable: the code ended at a revision and nothing in the data says what became of it.",
    "no_past_anywhere": "Not testable: nobody traded the product before the event.",
    "too_few_months": "Not testable: too few months before the event are known.",
    "withheld_after_event": "Not testable: the values from the event on are unknown.",
}
