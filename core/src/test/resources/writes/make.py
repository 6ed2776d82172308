"""Writes expected.json: the last token's first 8 logits when hooks change what a module is called with or gives, by transformers.

Run it in the repository's root: python core/src/test/resources/writes/make.py
"""
import json
import os

import torch
import transformers

MODELS = "core/src/test/resources/fixtures/models"
IDS = [408, 47, 378, 390, 277, 220, 38]
OTHER = [5, 60, 300, 41, 7, 8, 9]


def run(name, ids, hooks):
    model = transformers.AutoModelForCausalLM.from_pretrained(
        os.path.join(MODELS, name), attn_implementation="eager", dtype=torch.float32
    ).eval()
    for path, kind, hook in hooks:
        module = model.get_submodule(path)
        if kind == "pre":
            module.register_forward_pre_hook(hook, with_kwargs=True)
        else:
            module.register_forward_hook(hook)
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0, -1, :8].tolist()


def double_output(module, args, output):
    output["last_hidden_state"] = output["last_hidden_state"] * 2


def keyword(name, change):
    def hook(module, args, kwargs):
        kwargs[name] = change(kwargs[name])
        return args, kwargs

    return hook


def cut(mask):
    mask[:, :, -1, 2] = torch.finfo(mask.dtype).min
    return mask


def zero_last(module, args, output):
    output[:, -1] = 0


def zero_cosine(module, args, output):
    output[0][:, 2] = 0


LOWEST_CUT = lambda mask: cut(mask.clone())
CASES = {
    "llama plain": ("llama", []),
    "llama output doubled": ("llama", [("model", "post", double_output)]),
    "llama keyword zeroed": ("llama", [("model.layers.1.self_attn", "pre", keyword("hidden_states", torch.zeros_like))]),
    "llama mask of one layer": ("llama", [("model.layers.1", "pre", keyword("attention_mask", LOWEST_CUT))]),
    "llama mask in place": ("llama", [("model.layers.0", "pre", keyword("attention_mask", cut))]),
    "llama cosines": ("llama", [("model.rotary_emb", "post", zero_cosine)]),
    "gpt2 plain": ("gpt2", []),
    "gpt2 positions": ("gpt2", [("transformer.wpe", "post", zero_last)]),
}
expected = {case: {"ids": run(name, IDS, hooks), "other": run(name, OTHER, hooks)} for case, (name, hooks) in CASES.items()}
document = {"made_with": f"transformers {transformers.__version__}, torch {torch.__version__}", "ids": IDS, "other": OTHER, "expected": expected}
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    json.dump(document, file, indent=1)
    file.write("\n")
