"""Pictures of results as SVG text. PURE: figures and words in, one drawing out; nothing is measured, so every machine draws alike.

Attributes only, no styles: a page under our policy shows them, the PDF's compiler draws them, and the docx gets them as PNG.
"""
