* Reproduces one estimate of Entrepot from series.csv and rows.csv. Plain Stata, no packages.
* Run it in the folder that holds both:  do estimate.do
*
* series.csv: one line a row asked about, series and month. is_treated marks the row's own series; the others are its
*   controls, with the weight of their change in the row's expected growth. age_weight weighs months before the event.
* rows.csv: one line a row asked about: numbers that the months alone do not give, and what Entrepot says of it.
*   trifle       money a month below which months count alike
*   change_low, change_high   bounds to which the changes of controls are drawn in
*   growth_rest  growth contributed by series too light to be listed
*   floor        a trifle for each month from the event on
*   correction, correction_low, correction_high   the fitted correction of money and the ends of its band
* The method: docs/methods/routes.md of Entrepot.

version 14
clear all
set type double

import delimited using "rows.csv", clear varnames(1) case(preserve) stringcols(1/4) asdouble
foreach name in observed expected excess excess_low excess_high {
    rename `name' told_`name'
}
drop via_iso3 product_id
tempfile rows growths
save "`rows'"

import delimited using "series.csv", clear varnames(1) case(preserve) stringcols(1/4) asdouble
merge m:1 row_id using "`rows'", keep(match) nogenerate
drop if missing(value)
generate double flat = value / max(season, 0.1)
generate double log_value = log(max(flat, trifle))
tempfile months
save "`months'"

* What the controls did: mean logarithm from the event on less the weighted mean before it, outlying changes drawn in.
keep if is_treated == 0
generate double w_before = cond(is_after == 0, age_weight, 0)
generate double s_before = w_before * log_value
generate double w_after = is_after
generate double s_after = w_after * log_value
collapse (sum) w_before s_before w_after s_after (first) weight change_low change_high, ///
    by(row_id via_iso3 product_id)
generate double change = s_after / w_after - s_before / w_before
replace change = min(max(change, change_low), change_high)
generate double part = weight * change
collapse (sum) part, by(row_id)
save "`growths'"

* What the series itself would have come to.
use "`months'", clear
keep if is_treated == 1
generate double w_before = cond(is_after == 0, age_weight, 0)
generate double s_before = w_before * flat
generate double exposure = cond(is_after == 1, season, 0)
generate double observed = cond(is_after == 1, value, 0)
collapse (sum) w_before s_before exposure observed ///
    (first) growth_rest floor correction correction_low correction_high told_*, by(row_id)
merge 1:1 row_id using "`growths'", keep(master match) nogenerate
replace part = 0 if missing(part)
generate double growth = growth_rest + part
generate double naive = s_before / w_before * exp(growth) * exposure
generate double expected = (naive + floor) * correction - floor
generate double excess = observed - expected
generate double excess_low = observed - ((naive + floor) * correction_high - floor)
generate double excess_high = observed - ((naive + floor) * correction_low - floor)
format observed expected excess excess_low excess_high %20.4f
list row_id growth observed expected excess excess_low excess_high, noobs
foreach name in observed expected excess excess_low excess_high {
    assert abs(`name' - told_`name') <= 1e-6 * max(abs(told_observed), abs(told_expected), 1)
}
display "as in rows.csv"
