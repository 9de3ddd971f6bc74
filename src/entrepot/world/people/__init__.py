"""Made people, firms and what they do: planted behaviour, innocent doubles, and ordinary life around them."""
