#!/usr/bin/env python3
# Dieses kleine Programm verwaltet den Bestand einer Vereinsbücherei. Es liest
# eine Tabelle mit Titeln ein, prüft, welche Bücher überfällig sind, und gibt
# für jedes Mitglied eine freundliche Erinnerung aus.

import csv
import datetime

FRIST = 28  # Leihfrist in Tagen; nach Beschluss der Versammlung nicht kürzen


class Buch:
    """Ein einzelnes Buch aus dem Bestand.

    Der Name des Entleihers bleibt leer, solange das Buch im Regal steht. Das
    Datum der Ausleihe wird nur gespeichert, wenn das Buch wirklich außer Haus
    ist, damit wir keine unnötigen Angaben über die Mitglieder sammeln.
    """

    def __init__(self, titel, entleiher=None, datum=None):
        self.titel = titel
        self.entleiher = entleiher
        self.datum = datum

    def ueberfaellig(self, heute):
        # Ein Buch, das niemand ausgeliehen hat, kann nicht überfällig sein.
        if self.entleiher is None:
            return False
        return (heute - self.datum).days > FRIST


def lade(pfad):
    # Die Datei stammt aus einer alten Tabellenkalkulation und verwendet
    # deshalb ein Semikolon als Trennzeichen. Leere Zeilen werden übergangen.
    with open(pfad, newline="", encoding="utf-8") as datei:
        for zeile in csv.reader(datei, delimiter=";"):
            if zeile:
                yield Buch(*zeile[:1])


if __name__ == "__main__":
    heute = datetime.date.today()
    # Am Schluss wird nur gezählt; das Verschicken der Briefe übernimmt nach
    # wie vor Frau Lindner, weil sie die Mitglieder persönlich kennt.
    print(sum(1 for b in lade("bestand.csv") if b.ueberfaellig(heute)))
