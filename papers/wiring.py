"""Builds the core's concrete parts from the settings. `workers.wiring` and `bot.wiring` add their own."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from papers.connections import Connections
from papers.courtesy import Courtesy, courtesy
from papers.embedding import load_embedder
from papers.errors import SourceError
from papers.keyring import Envelope, Keyring
from papers.model import Digest
from papers.ports import Embedder, Past, Source
from papers.pulse import Pulse
from papers.search import library
from papers.search.library import Library
from papers.services.compiling import Compiler
from papers.services.corpus import Corpus
from papers.services.desk import Desk
from papers.services.limits import FeedLimits
from papers.services.mailing import Mailing
from papers.services.missing import Listed
from papers.services.remembering import Remembering
from papers.settings import Settings
from papers.sources import arxiv_listing
from papers.sources.arxiv_listing import ArxivListing
from papers.sources.completions import Completions
from papers.sources.feed import Feed
from papers.sources.http import Fetcher, Turn
from papers.sources.huggingface import GAP as HUGGING_FACE_GAP
from papers.sources.huggingface import Cursor, HuggingFace
from papers.sources.parser import Parse, parse
from papers.stores.backfills import BackfillStore
from papers.stores.channels import ChannelStore
from papers.stores.coverage import CoverageStore
from papers.stores.departures import Departures
from papers.stores.drafts import DraftStore
from papers.stores.edits import Edits
from papers.stores.expiry import Expiry
from papers.stores.hosts import HostPace
from papers.stores.inbox import Inbox
from papers.stores.lessons import LessonStore
from papers.stores.mailboxes import MailboxStore
from papers.stores.marks import Marks
from papers.stores.outbox import KEPT, Outbox
from papers.stores.outlets import OutletStore
from papers.stores.papers import PaperStore
from papers.stores.posts import PostStore
from papers.stores.quota import Quota
from papers.stores.removal import Removal
from papers.stores.server import Server
from papers.stores.sources import SourceStore
from papers.stores.summaries import SummaryStore
from papers.stores.trends import TrendStore
from papers.stores.vault import Vault
from papers.stores.vectors import VectorStore
from papers.stores.votes import VoteStore
from papers.trouble import remedy
from papers.urls import canonical_url

PATIENCE = 10.0
"""Seconds that somebody who subscribes to a feed waits for its host's turn."""

LONG_PATIENCE = 120.0
"""Seconds that a backfill waits for its turn at arXiv: forty requests of others, each with its rest."""


def clock() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Stores:
    """Everything that is kept, over one connection."""

    def __init__(self, server: Server, kept: timedelta = KEPT) -> None:
        """`kept`: how long a delivery is remembered once it is out."""
        self.server = server
        self.papers = PaperStore(server)
        self.trends = TrendStore(server)
        self.channels = ChannelStore(server)
        self.inbox = Inbox(server)
        self.outbox = Outbox(server, kept)
        self.edits = Edits(server)
        self.sources = SourceStore(server)
        self.hosts = HostPace(server)
        self.posts = PostStore(server)
        self.votes = VoteStore(server)
        self.lessons = LessonStore(server)
        self.drafts = DraftStore(server)
        self.quota = Quota(server)
        self.outlets = OutletStore(server)
        self.coverage = CoverageStore(server)
        self.backfills = BackfillStore(server)
        self.departures = Departures(server)
        self.removal = Removal(server)
        self.expiry = Expiry(server, kept)
        self.marks = Marks(server)


class Sources:
    """Names to sources. What the operator configured may be anywhere; what users subscribe to is on the public net."""

    def __init__(self, settings: Settings, hosts: HostPace | None = None) -> None:
        """Without `hosts`, whoever reads a feed asks its host at once."""
        self._settings = settings
        self._hosts = hosts

    @cached_property
    def _trusting(self) -> Fetcher:
        return Fetcher(allow_all=True)

    @cached_property
    def _guarded(self) -> Fetcher:
        return Fetcher(allow_private=self._settings.paperboy_allow_private_feeds)

    @property
    def configured(self) -> tuple[str, ...]:
        """Names of the sources that every channel is matched against."""
        return tuple(
            name if name == HuggingFace.name else canonical_url(name) for name in self._settings.paperboy_sources
        )

    def huggingface(self, fetcher: Fetcher | None = None) -> HuggingFace:
        """The Daily Papers at HF_ENDPOINT."""
        secret = self._settings.hf_token
        token = secret.get_secret_value() if secret else None
        return HuggingFace(fetcher or self._trusting, self._settings.hf_endpoint, token, clock)

    def past(self, name: str, hugging_face: Turn, arxiv: Turn) -> Past | None:
        """The past of a configured source, each of whose requests waits for its turn; None for a feed without one."""
        if name == HuggingFace.name:
            return self.huggingface(replace(self._trusting, turn=hugging_face))
        endpoint = self._settings.arxiv_endpoint
        if not arxiv_listing.categories(name, endpoint):
            return None
        return ArxivListing(replace(self._trusting, turn=arxiv), name, endpoint, clock)

    def source(self, name: str, parse: Parse = parse) -> Source:
        """The source of that name. Raises SourceForbidden for a URL that is never fetched."""
        if name == HuggingFace.name:
            return self.huggingface()
        return self.feed(name, trusted=name in self.configured, parse=parse)

    def feed(self, url: str, *, trusted: bool, parse: Parse = parse) -> Feed:
        """A feed; a trusted one may be at a private address."""
        return Feed(self._trusting if trusted else self._guarded, url, clock, parse)

    def courtesy(self, name: str) -> Courtesy:
        """Whom a source's requests go to. Raises SourceForbidden for a URL that is never fetched."""
        return courtesy(self._settings.hf_endpoint if name == HuggingFace.name else name)

    def canonical(self, url: str) -> str:
        """The URL's one spelling. Raises SourceForbidden for one that is never fetched."""
        return canonical_url(url)

    def read(self, url: str) -> Digest:
        """All entries of a feed that a user named, when its host has a turn for it. Raises SourceError with advice."""
        try:
            feed = self.feed(url, trusted=False)
            with self._hosts.turn(self.courtesy(feed.name), PATIENCE) if self._hosts else nullcontext():
                return feed.fetch(None) or Digest(feed.name, None, (), "")
        except SourceError as error:
            error.advice = remedy(error)
            raise


def completions(settings: Settings) -> Completions | None:
    """The endpoint that SUMMARY_API_BASE_URL names; the operator's, so it may be at a private address."""
    if not settings.summary_api_base_url or not settings.summary_model:
        return None
    key = settings.summary_api_key.get_secret_value() if settings.summary_api_key else None
    return Completions(settings.summary_api_base_url, settings.summary_model, Fetcher(allow_all=True), key)


class Core:
    """Settings, stores, sources and services: what workers and bots share. Heavy parts are built when first used.

    `patience`: seconds that who asks waits for the archive's index to be built.
    """

    def __init__(self, settings: Settings, server: Server, *, patience: float = library.PATIENCE) -> None:
        self.settings = settings
        self._patience = patience
        self.stores = Stores(server, timedelta(days=settings.paperboy_keep_deliveries_days))
        self.sources = Sources(settings, self.stores.hosts)
        self.pulse = Pulse()
        self.connections = Connections()

    def past(self, name: str, gap: float = HUGGING_FACE_GAP) -> Past | None:
        """The past of a configured source, asked politely whoever else asks it; None for a feed that has none.

        `gap` is in seconds, between the beginnings of two requests to Hugging Face.
        """
        to_arxiv = courtesy(self.settings.arxiv_endpoint)
        return self.sources.past(
            name,
            lambda: self.stores.quota.paced(f"host:{HuggingFace.name}", gap),
            lambda: self.stores.hosts.turn(to_arxiv, within=LONG_PATIENCE),
        )

    def close(self) -> None:
        """Let go of the archive's index, which reads from the server until then; for whoever closes the server next."""
        if "library" in vars(self):
            self.library.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model that EMBEDDING_MODEL names."""
        return load_embedder(self.settings.embedding_model)

    @cached_property
    def vectors(self) -> VectorStore:
        """That model's vectors."""
        return VectorStore(self.stores.server, self.embedder.name, self.embedder.dim)

    @cached_property
    def compiler(self) -> Compiler:
        """Makes subscriptions ready to be matched."""
        return Compiler(self.embedder, self.vectors, self.stores.lessons)

    @cached_property
    def corpus(self) -> Corpus:
        """The archive's newest papers, analysed."""
        return Corpus(self.stores.papers, self.vectors, self.embedder)

    @cached_property
    def library(self) -> Library:
        """The archive's index of this process."""
        remembering = Remembering(self.embedder, self.vectors)
        return Library(self.stores.papers, remembering, self.settings.paperboy_data / "search", patience=self._patience)

    def _listed(self) -> Listed | None:
        """The days that Hugging Face was asked for without a gap."""
        cursor = Cursor.load(self.stores.sources.state(HuggingFace.name).cursor)
        return (cursor.since, cursor.day) if cursor and cursor.since > date.min else None

    @cached_property
    def completions(self) -> Completions | None:
        """The endpoint that summarises, if there is one."""
        return completions(self.settings)

    @cached_property
    def summaries(self) -> SummaryStore | None:
        """What its model said, if there is one."""
        model, budget = self.settings.summary_model, self.settings.summary_daily_budget
        return SummaryStore(self.stores.server, model, budget) if model else None

    @cached_property
    def mailboxes(self) -> MailboxStore:
        """Addresses that papers are mailed to; sealed where there are keys."""
        keys = self.settings.paperboy_encryption_keys
        keyring = Keyring.parse(keys.get_secret_value()) if keys else None
        return MailboxStore(Vault(self.stores.server, Envelope(keyring)))

    @cached_property
    def mailing(self) -> Mailing:
        """The services over them."""
        stores = self.stores
        return Mailing(self.mailboxes, stores.channels, stores.outbox, stores.quota.spend, clock)

    @cached_property
    def desk(self) -> Desk:
        """The services."""
        stores = self.stores
        return Desk(
            memory=stores.papers,
            trends=stores.trends,
            listed=self._listed,
            channels=stores.channels,
            inbox=stores.inbox,
            outbox=stores.outbox,
            votes=stores.votes,
            lessons=stores.lessons,
            health=stores.sources,
            outlets=stores.outlets,
            public_url=self.settings.paperboy_public_url,
            corpus=self.corpus,
            library=self.library,
            compiler=self.compiler,
            feeds=self.sources,
            limits=FeedLimits(stores.channels, stores.quota.spend, self.settings.paperboy_feeds_per_workspace),
            clock=clock,
            mailing=self.mailing if self.settings.has_email else None,
        )
