"""A live chat full of people: `python -m bench.live`"""
