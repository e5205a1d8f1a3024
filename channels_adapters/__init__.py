"""Ways out of the town ("channel" = means of contact): plain Python that knows neither Django nor the hub."""
