"""The commands' names and descriptions in other languages: Discord shows each user theirs.

Only what is told stands here; whatever language a command is read in, it does the same. A name is lower case and has no
spaces (https://docs.discord.com/developers/interactions/application-commands#localization).
"""

from __future__ import annotations

from typing import Final

import discord
from discord import app_commands

GERMAN: Final = {
    "help": "hilfe",
    "search": "suchen",
    "similar": "ähnlich",
    "subscribe": "abonnieren",
    "unsubscribe": "abbestellen",
    "list": "liste",
    "edit": "ändern",
    "forget": "vergessen",
    "repair": "reparieren",
    "test": "probe",
    "daily": "täglich",
    "weekly": "wöchentlich",
    "instant": "sofort",
    "digest": "tag",
    "trending": "beliebt",
    "why": "warum",
    "vote": "bewerten",
    "log": "verlauf",
    "resend": "nachsenden",
    "settings": "einstellungen",
    "feed": "feed",
    "email": "email",
    "pause": "pause",
    "resume": "weiter",
    "Find similar papers": "Ähnliche Arbeiten finden",
}

FRENCH: Final = {
    "help": "aide",
    "search": "chercher",
    "similar": "similaires",
    "subscribe": "abonner",
    "unsubscribe": "désabonner",
    "list": "liste",
    "edit": "modifier",
    "forget": "oublier",
    "repair": "réparer",
    "test": "essai",
    "daily": "quotidien",
    "weekly": "hebdomadaire",
    "instant": "immédiat",
    "digest": "jour",
    "trending": "tendances",
    "why": "pourquoi",
    "vote": "voter",
    "log": "journal",
    "resend": "renvoyer",
    "settings": "réglages",
    "feed": "flux",
    "email": "courriel",
    "pause": "pause",
    "resume": "reprendre",
    "Find similar papers": "Trouver des articles similaires",
}

NAMES: Final = {discord.Locale.german: GERMAN, discord.Locale.french: FRENCH}


class Names(app_commands.Translator):
    """Translates names; descriptions and options stay as they are, since the words that one types do too."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """A command's name in that language, None where it has none."""
        location = app_commands.TranslationContextLocation
        if context.location not in {location.command_name, location.group_name}:
            return None
        return NAMES.get(locale, {}).get(string.message)
