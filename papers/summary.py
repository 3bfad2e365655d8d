def summarise(paper, limit=240): return paper.ai_summary or paper.abstract[:limit]
