"""Writes warpers.json: what transformers' logits processors and torch.multinomial make of fixed scores (transformers 5.18.0, torch 2.13.0, CPU)."""
import json, sys, torch
from transformers.generation import logits_process as lp

torch.manual_seed(11)
scores = torch.randn(3, 12) * 2
scores[1, 3] = scores[1, 7]            # a tie at the edge of top_k
ids = torch.tensor([[1, 5, 5], [0, 11, 3], [2, 2, 2]])
cases = []

def case(name, *processors):
    out = scores.clone()
    for p in processors:
        out = p(ids, out)
    cases.append({"name": name, "scores": [[None if v == float("-inf") else v for v in row] for row in out.tolist()]})

case("temperature=0.7", lp.TemperatureLogitsWarper(0.7))
case("top_k=3", lp.TopKLogitsWarper(3))
case("top_k=50", lp.TopKLogitsWarper(12))
case("top_p=0.6", lp.TopPLogitsWarper(0.6))
case("top_p=0.0", lp.TopPLogitsWarper(0.0))
case("min_p=0.2", lp.MinPLogitsWarper(0.2))
case("temperature=1.5,top_k=6,top_p=0.8", lp.TemperatureLogitsWarper(1.5), lp.TopKLogitsWarper(6), lp.TopPLogitsWarper(0.8))
case("repetition_penalty=1.3", lp.RepetitionPenaltyLogitsProcessor(1.3))

draws = {}
for seed in (0, 1, 1234):
    torch.manual_seed(seed)
    draws[seed] = [torch.multinomial(scores.softmax(-1), 1).squeeze(1).tolist() for _ in range(20)]
json.dump({"scores": scores.tolist(), "ids": ids.tolist(), "cases": cases, "draws": draws}, open(sys.argv[1], "w"), indent=1)
