"""`make bench`: everything that is measured."""

from bench.fanout.__main__ import main

if __name__ == "__main__":
    main()
