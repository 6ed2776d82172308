"""Writes MODEL.json for six models: the last token's first 8 logits of prompts with interventions, each prompt run alone by transformers with hooks.

Run it in the repository's root: python core/src/test/resources/intervene/make.py
Modules have the names of transformers 4; where 5 renamed one, RENAMED says how. A vector of seed s has the numbers sin(0.7 i + s) / 2.
"""
import json
import os

import torch
import transformers

MODELS = "core/src/test/resources/fixtures/models"
# Blocks, an attention's output projection, and another module of the same width.
PLACES = {
    "gpt2": ("transformer.h.{}", "transformer.h.{}.attn.c_proj", "transformer.h.{}.mlp"),
    "llama": ("model.layers.{}", "model.layers.{}.self_attn.o_proj", "model.layers.{}.mlp"),
    "gemma2": ("model.layers.{}", "model.layers.{}.self_attn.o_proj", "model.layers.{}.mlp"),
    "mixtral": ("model.layers.{}", "model.layers.{}.self_attn.o_proj", "model.layers.{}.block_sparse_moe"),
    "opt": ("model.decoder.layers.{}", "model.decoder.layers.{}.self_attn.out_proj", "model.decoder.layers.{}.self_attn_layer_norm"),
    "gpt_neox": ("gpt_neox.layers.{}", "gpt_neox.layers.{}.attention.dense", "gpt_neox.layers.{}.mlp"),
}
RENAMED = {"block_sparse_moe": "mlp"}
PROMPTS = [[5, 60, 100, 41, 7], [9, 130, 31, 77, 222, 14, 3, 8], [12, 17, 90, 33, 64, 201, 150, 4], [80, 2, 55, 19, 44, 70]]
TOKENS = ["all", "last", [1, -2], [3]]


def vector(seed, width):
    return torch.sin(torch.arange(width, dtype=torch.float64) * 0.7 + seed).float() / 2


def positions(tokens, length):
    if tokens == "all":
        return list(range(length))
    if tokens == "first":
        return [0]
    if tokens == "last":
        return [length - 1]
    return [p % length for p in tokens]


def first(value):
    return value if torch.is_tensor(value) else value[0]


class Edited:
    def __init__(self, model, heads):
        self.model, self.heads, self.handles = model, heads, []

    def hook(self, module, of, change):
        for old, new in RENAMED.items():
            module = module.replace(old, new)
        target = self.model.get_submodule(module)
        if of == "output":
            def after(m, args, output):
                changed = change(first(output))
                return changed if torch.is_tensor(output) else (changed, *output[1:])

            self.handles.append(target.register_forward_hook(after))
        else:
            def before(m, args, kwargs):
                if args:
                    return (change(args[0]), *args[1:]), kwargs
                return args, {**kwargs, "hidden_states": change(kwargs["hidden_states"])}

            self.handles.append(target.register_forward_pre_hook(before, with_kwargs=True))

    def logits(self, ids):
        with torch.no_grad():
            return self.model(torch.tensor([ids]), use_cache=False).logits[0, -1, :8].tolist()

    def clear(self):
        for handle in self.handles:
            handle.remove()
        self.handles = []

    def plain(self, ids, module, of):
        seen = []
        self.hook(module, of, lambda x: seen.append(x.clone()) or x)
        self.logits(ids)
        self.clear()
        return seen[0][0]

    def new(self, x, one, ids, at, base):
        kind, width = one["kind"], x.shape[-1]
        v = vector(one["vector"], width) if "vector" in one else None
        if kind == "add":
            return x + (one["number"] * v if v is not None else one["number"])
        if kind == "add_base":
            return x + (0.5 * base + v / v.norm())
        if kind == "set":
            return v.expand_as(x).clone()
        if kind == "scale":
            return x * one["number"]
        if kind == "project_out":
            return x - (x @ v / (v @ v))[:, None] * v
        if kind == "clamp":
            return x.clamp(one["low"], one["high"])
        if kind == "patch":
            source = self.plain(PROMPTS[one["from"]], one["module"], one["of"])
            return source[positions(one["from_tokens"], len(source))]
        raise ValueError(kind)

    def run(self, prompt, interventions):
        ids = PROMPTS[prompt]
        for one in interventions:
            base = self.plain(ids, one["module"], one["of"]) if one["kind"] == "add_base" else None
            source = None
            if one["kind"] == "patch":
                source = self.new(torch.zeros(1, 1), one, ids, None, None)
            at = positions(one["tokens"], len(ids))
            one_base = None if base is None else base[at]

            def change(x, one=one, at=at, one_base=one_base, source=source):
                x = x.clone()
                old = x[0, at]
                now = source if source is not None else self.new(old, one, ids, at, one_base)
                if "heads" in one:
                    size = x.shape[-1] // self.heads
                    mask = torch.zeros(x.shape[-1], dtype=torch.bool)
                    for head in one["heads"]:
                        mask[head % self.heads * size : (head % self.heads + 1) * size] = True
                    now = torch.where(mask, now, old)
                x[0, at] = now
                return x

            one["apply"] = change
        for one in interventions:
            self.hook(one["module"], one["of"], one.pop("apply"))
        logits = self.logits(ids)
        self.clear()
        return logits


def kinds(number):
    return [
        {"kind": "add", "number": 1.5 + number % 3, "vector": number},
        {"kind": "add", "number": -0.25},
        {"kind": "set", "vector": number + 1},
        {"kind": "scale", "number": [0, 2, -1][number % 3]},
        {"kind": "project_out", "vector": number + 2},
        {"kind": "clamp", "low": -0.3, "high": 0.2 + 0.1 * (number % 2)},
        {"kind": "patch"},
    ]


def cases(name):
    block, projection, other = PLACES[name]
    number = 0
    for tokens in TOKENS:
        for of in ("output", "input"):
            for edit in kinds(number):
                module = (block if number % 3 else other).format(number % 2)
                one = {"module": module, "of": of, "tokens": tokens, **edit}
                prompt = number % 4
                if edit["kind"] == "patch":
                    prompt = 1 if tokens == "all" else number % 4
                    one |= {"from": 2 if prompt == 1 else (prompt + 1) % 4, "from_tokens": tokens}
                yield prompt, [one]
                number += 1
    place = projection.format(1)
    yield 0, [{"module": place, "of": "input", "tokens": "all", "heads": [1], "kind": "scale", "number": 0}]
    yield 3, [{"module": place, "of": "input", "tokens": [2, -1], "heads": [0, -1], "kind": "set", "vector": 5}]
    yield 1, [{"module": place, "of": "input", "tokens": "last", "heads": [0], "kind": "patch", "from": 2, "from_tokens": "last"}]
    yield 2, [{"module": block.format(0), "of": "output", "tokens": [1, 2], "kind": "add_base", "vector": 3}]
    yield 3, [
        {"module": block.format(0), "of": "output", "tokens": "all", "kind": "scale", "number": 0.5},
        {"module": block.format(0), "of": "output", "tokens": "first", "kind": "add", "number": 2, "vector": 1},
        {"module": block.format(1), "of": "output", "tokens": "last", "kind": "clamp", "low": -0.5, "high": 0.5},
    ]


for name in PLACES:
    model = transformers.AutoModelForCausalLM.from_pretrained(
        os.path.join(MODELS, name), attn_implementation="eager", dtype=torch.float32
    ).eval()
    edited = Edited(model, model.config.num_attention_heads)
    rows = []
    size = getattr(model.config, "head_dim", None) or model.config.hidden_size // model.config.num_attention_heads
    for prompt, interventions in cases(name):
        for one in interventions:
            if "heads" in one and "vector" in one:
                one["width"] = model.config.num_attention_heads * size
        rows.append({"prompt": prompt, "interventions": interventions, "logits": [round(x, 5) for x in edited.run(prompt, interventions)]})
    plain = [[round(x, 5) for x in edited.logits(ids)] for ids in PROMPTS]
    document = {
        "made_with": f"transformers {transformers.__version__}, torch {torch.__version__}",
        "heads": model.config.num_attention_heads,
        "prompts": PROMPTS,
        "plain": plain,
    }
    with open(os.path.join(os.path.dirname(__file__), name + ".json"), "w") as file:
        head = json.dumps(document, separators=(",", ":"))[:-1]
        file.write(head + ',"rows":[\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]}\n")
