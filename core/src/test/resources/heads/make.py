"""Writes small checkpoints without a language model head (bare, classifiers, questions and answers), and what transformers computes on each of
their prompts alone. Needs torch and transformers 5; no test needs it. Configs and random weights are those of ../checkpoints/make.py.

expected.safetensors of each folder: I/input_ids of prompt I, and I/OUTPUT for every tensor of the model's output (eager, float32).
children.json: name and class of the model's children, and the repr of those that are not the base model.
"""

import json, os, shutil, sys
import torch, transformers
from safetensors.torch import load_file, save_file
from transformers import *

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "checkpoints"))
from make import MODELS, randomise  # noqa: E402

PROMPTS = ([5, 17, 9, 4, 21, 12], [8, 3, 14])
ALL = ("Model", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering")
WANTED = {
    "llama_biases": ("Llama", ALL),
    "gpt2_own_inner": ("GPT2", ALL),
    "gpt_neox_sequential": ("GPTNeoX", ALL),
    "opt_projected": ("OPT", ("Model", "ForSequenceClassification", "ForQuestionAnswering")),
    "bert_untied": ("Bert", ALL),
    "mistral_window": ("Mistral", ("ForQuestionAnswering",)),
    "qwen2_upper_window": ("Qwen2", ("Model", "ForTokenClassification")),
    "qwen3_biases": ("Qwen3", ("ForSequenceClassification",)),
    "qwen3_moe_mixed": ("Qwen3Moe", ("ForSequenceClassification",)),
    "gemma_one_key": ("Gemma", ("Model",)),
    "gemma2_scalar": ("Gemma2", ("ForSequenceClassification",)),
    "phi3_partial": ("Phi3", ("ForTokenClassification",)),
    "mixtral_three": ("Mixtral", ("Model",)),
}


def expected(model):
    tensors = {}
    with torch.no_grad():
        for i, prompt in enumerate(PROMPTS):
            tensors[f"{i}/input_ids"] = torch.tensor([prompt])
            output = model(tensors[f"{i}/input_ids"], use_cache=False) if model.config.model_type != "bert" else model(tensors[f"{i}/input_ids"])
            tensors.update({f"{i}/{name}": value for name, value in output.items() if isinstance(value, torch.Tensor)})
    return tensors


def write(folder, model, seed, drop=(), **more):
    shutil.rmtree(folder, ignore_errors=True)
    model.eval()
    randomise(model, seed)
    model.save_pretrained(folder)
    path = os.path.join(folder, "model.safetensors")
    if drop:
        weights = {name: value for name, value in load_file(path).items() if not name.startswith(drop)}
        save_file(weights, path, metadata={"format": "pt"})
        model = model.model
    read = type(model).from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", **more) if not drop else model
    save_file({key: value.contiguous().clone() for key, value in expected(read.eval()).items()}, os.path.join(folder, "expected.safetensors"))
    base = getattr(model, model.base_model_prefix, None)
    children = {name: [type(child).__name__, None if child is base else repr(child)] for name, child in model.named_children()}
    if base is None:
        children = {name: [found[0], None] for name, found in children.items()}
    json.dump({"class": type(model).__name__, "children": children}, open(os.path.join(folder, "children.json"), "w"), indent=1)


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    for seed, (checkpoint, (prefix, suffixes)) in enumerate(WANTED.items()):
        for suffix in suffixes:
            config = type(MODELS[checkpoint][0])(**{**MODELS[checkpoint][0].to_dict(), "id2label": {0: "a", 1: "b", 2: "c"}, "label2id": {"a": 0, "b": 1, "c": 2}, "attn_implementation": "eager"})
            if suffix == "ForQuestionAnswering":
                config.num_labels = 2
            write(os.path.join(HERE, prefix.lower() + "_" + suffix), getattr(transformers, prefix + suffix)(config), seed)
    bert = MODELS["bert_untied"][0]
    write(os.path.join(HERE, "bert_without_pooler"), BertModel(bert, add_pooling_layer=False), 50, add_pooling_layer=False)
    write(os.path.join(HERE, "mistral_without_head"), MistralForCausalLM(MODELS["mistral_window"][0]), 51, drop=("lm_head",))
