# Reproduces one estimate of Entrepot from series.csv and rows.csv. Base R, no packages.
# Run it in the folder that holds both:  Rscript estimate.R
#
# series.csv: one line a row asked about, series and month. is_treated marks the row's own series; the others are its
#   controls, with the weight of their change in the row's expected growth. age_weight weighs months before the event.
# rows.csv: one line a row asked about: numbers that the months alone do not give, and what Entrepot says of it.
#   trifle       money a month below which months count alike
#   change_low, change_high   bounds to which the changes of controls are drawn in
#   growth_rest  growth contributed by series too light to be listed
#   floor        a trifle for each month from the event on
#   correction, correction_low, correction_high   the fitted correction of money and the ends of its band
# The method: docs/methods/routes.md of Entrepot.

series <- read.csv("series.csv", stringsAsFactors = FALSE, colClasses = c(product_id = "character"))
rows <- read.csv("rows.csv", stringsAsFactors = FALSE, colClasses = c(product_id = "character"))

estimate <- function(row) {
  these <- series[series$row_id == row$row_id & !is.na(series$value), ]
  these$flat <- these$value / pmax(these$season, 0.1)
  these$log_value <- log(pmax(these$flat, row$trifle))
  these$key <- paste(these$via_iso3, these$product_id)

  # What the controls did: mean logarithm from the event on less the weighted mean before it, outlying changes drawn in.
  control <- these[these$is_treated == 0, ]
  growth <- row$growth_rest
  if (nrow(control) > 0) {
    before <- control[control$is_after == 0, ]
    after <- control[control$is_after == 1, ]
    mean_before <- tapply(before$age_weight * before$log_value, before$key, sum) /
      tapply(before$age_weight, before$key, sum)
    mean_after <- tapply(after$log_value, after$key, mean)
    weight <- tapply(control$weight, control$key, function(x) x[1])
    keys <- names(weight)
    change <- pmin(pmax(mean_after[keys] - mean_before[keys], row$change_low), row$change_high)
    growth <- growth + sum(weight * change)
  }

  # What the series itself would have come to.
  own <- these[these$is_treated == 1, ]
  before <- own[own$is_after == 0, ]
  after <- own[own$is_after == 1, ]
  level <- sum(before$age_weight * before$flat) / sum(before$age_weight)
  naive <- level * exp(growth) * sum(after$season)
  corrected <- function(by) (naive + row$floor) * by - row$floor
  observed <- sum(after$value)
  data.frame(
    row_id = row$row_id,
    growth = growth,
    observed = observed,
    expected = corrected(row$correction),
    excess = observed - corrected(row$correction),
    excess_low = observed - corrected(row$correction_high),
    excess_high = observed - corrected(row$correction_low)
  )
}

found <- do.call(rbind, lapply(seq_len(nrow(rows)), function(i) estimate(rows[i, ])))
print(found, digits = 10)
told <- c("observed", "expected", "excess", "excess_low", "excess_high")
far <- abs(as.matrix(found[told]) - as.matrix(rows[told])) > 1e-6 * pmax(abs(rows$observed), abs(rows$expected), 1)
if (any(far)) stop("these numbers are not those of rows.csv")
cat("as in rows.csv\n")
