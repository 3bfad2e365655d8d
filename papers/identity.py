from papers.sources.identity import *  # temporary
