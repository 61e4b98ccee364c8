"""Keeps track of what is in the store and orders what runs low."""
import csv
import sys

MINIMUM = 10


def read(path):
    with open(path, newline="") as table:
        return {row["id"]: int(row["quantity"]) for row in csv.DictReader(table)}


def missing(stock):
    # {1} {2}
    return sorted(name for name, quantity in stock.items() if quantity < MINIMUM)


if __name__ == "__main__":
    for name in missing(read(sys.argv[1])):
        print(f"order {name}")
