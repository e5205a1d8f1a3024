"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2/): civic apps read and make a town's tickets.

What is given out is what anybody may see. docs/open311.md says what the specification leaves open.
"""
