"""Writes NAME.safetensors in this folder: attention scores and probabilities of the fixture models (resources/fixtures/models), and last-token
logits with some of them changed, as transformers computes them (eager, float32). Needs torch and transformers 5; no test needs it.

Softmax is replaced by one that shows and changes what goes in and out of it: the same for every architecture. Prompt A has 7 tokens, B 5.
  A/scores/L, A/probabilities/L    of layer L
  A/edge        logits of the last token with the probability of query -1 looking at key 2 set to 0 in layer 1
  A/head        ... with all probabilities of head 1 set to 0 in layer 1
  A/score_edge  ... with the score of query -1 and key 2 lowered by 1e9 in layer 1
  A/frozen      ... with the probabilities of layer 1 taken from prompt C (7 tokens)
  B/plain, A/plain   logits of the last token, nothing changed
"""

import os
import torch, transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "..", "..", "fixtures", "models")
A = [408, 47, 378, 390, 277, 220, 38]
B = [11, 300, 45, 45, 207]
C = [7, 19, 301, 77, 402, 5, 160]
softmax = torch.nn.functional.softmax


class Patterns:
    """Within it, every softmax over 4 dimensions is a layer's attention, in order."""

    def __init__(self, before=lambda layer, s: s, after=lambda layer, p: p):
        self.before, self.after, self.scores, self.probabilities = before, after, [], []

    def softmax(self, scores, *args, **kwargs):
        if scores.dim() != 4:
            return softmax(scores, *args, **kwargs)
        layer = len(self.scores)
        self.scores.append(scores.clone())
        result = softmax(self.before(layer, scores.clone()), *args, **kwargs)
        self.probabilities.append(result.clone())
        return self.after(layer, result.clone())

    def run(self, model, ids):
        torch.nn.functional.softmax = self.softmax
        try:
            with torch.no_grad():
                return model(torch.tensor([ids])).logits[0, -1]
        finally:
            torch.nn.functional.softmax = softmax


def changed(index, value):
    def change(layer, tensor):
        if layer == 1:
            tensor[index] = value
        return tensor

    return change


def lowered(layer, scores):
    if layer == 1:
        scores[:, :, -1, 2] -= 1e9
    return scores


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    for name in ("gpt2", "llama", "gemma2", "mixtral", "opt", "gpt_neox", "bert"):
        kind = AutoModelForMaskedLM if name == "bert" else AutoModelForCausalLM
        model = kind.from_pretrained(os.path.join(MODELS, name), dtype=torch.float32, attn_implementation="eager").eval()
        plain, other = Patterns(), Patterns()
        tensors = {"A/plain": plain.run(model, A), "B/plain": Patterns().run(model, B)}
        other.run(model, C)
        with torch.no_grad():
            shown = model(torch.tensor([A]), output_attentions=True).attentions
        for layer, probabilities in enumerate(plain.probabilities):
            assert torch.equal(probabilities, shown[layer]), name
            tensors[f"A/probabilities/{layer}"] = probabilities
            tensors[f"A/scores/{layer}"] = plain.scores[layer]
        last = (slice(None), slice(None), -1, 2)
        tensors["A/edge"] = Patterns(after=changed(last, 0.0)).run(model, A)
        tensors["A/head"] = Patterns(after=changed((slice(None), 1), 0.0)).run(model, A)
        tensors["A/score_edge"] = Patterns(before=lowered).run(model, A)
        tensors["A/frozen"] = Patterns(after=changed(slice(None), other.probabilities[1])).run(model, A)
        save_file({key: value.contiguous().clone() for key, value in tensors.items()}, os.path.join(HERE, name + ".safetensors"))
        print(name, len(plain.scores))
