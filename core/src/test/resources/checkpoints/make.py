"""Writes the small checkpoints in this folder (or those named on the command line), and what transformers computes on them. Needs torch and
transformers 5; no test needs it.

Each folder NAME has an ordinary checkpoint of random weights and expected.safetensors:
  right/…, left_pos/…   input_ids, attention_mask (left_pos: position_ids), logits, hidden_states/I, attentions/I (eager, float32)
  generated/none, generated/kept   greedy, 6 new tokens after left_pos/input_ids, without and with a cache (which differ for dynamic
                        positions). phi3_longrope has the former for both: transformers 5.18 loses the prompt where longrope's factors change.
tree.txt, where there is one, is print(model) of transformers 5.

Shapes are odd on purpose: heads that do not divide the width, partial rotation, windows shorter than the prompts, biases where most have
none. Spellings of config.json are transformers 4's where SPELL_4 says so, else transformers 5's, as are the tensor names.
"""

import copy, json, os, shutil, sys
import torch, transformers
from safetensors.torch import save_file
from transformers import *

HERE = os.path.dirname(os.path.abspath(__file__))
LENGTHS = (6, 2)
S = dict(vocab_size=23, bos_token_id=1, eos_token_id=2, pad_token_id=0)
DECODER = dict(**S, hidden_size=12, intermediate_size=10, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
               max_position_embeddings=32)
GPT2 = dict(**S, n_positions=24, n_embd=12, n_head=3, n_layer=2)
NEOX = dict(**S, hidden_size=20, num_hidden_layers=2, num_attention_heads=2, intermediate_size=10, max_position_embeddings=32)
BERT = dict(vocab_size=23, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=10,
            max_position_embeddings=24, pad_token_id=0)
OPT = dict(**S, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, ffn_dim=10, max_position_embeddings=24)


def rope(kind="default", theta=10000.0, **more):
    return dict(rope_type=kind, rope_theta=theta, **more)


LONG = dict(short_factor=[1.0, 1.3, 2.0], long_factor=[1.5, 3.0, 8.0], original_max_position_embeddings=8)
MODELS = {
    "gpt2_own_inner": (GPT2Config(**GPT2, n_inner=10, activation_function="relu2", scale_attn_by_inverse_layer_idx=True,
                                  reorder_and_upcast_attn=True, tie_word_embeddings=False), {}),
    "gpt2_bare": (GPT2Config(**GPT2, activation_function="gelu_10", scale_attn_weights=False), dict(bare=True)),
    "gpt_neox_sequential": (GPTNeoXConfig(**NEOX, use_parallel_residual=False, attention_bias=False, hidden_act="laplace",
                                          rope_parameters=rope(partial_rotary_factor=0.3)), {}),
    "gpt_neox_linear": (GPTNeoXConfig(**NEOX, tie_word_embeddings=True,
                                      rope_parameters=rope("linear", factor=3.0, partial_rotary_factor=0.5)), {}),
    "llama_biases": (LlamaConfig(**DECODER, head_dim=10, attention_bias=True, mlp_bias=True, tie_word_embeddings=True,
                                 hidden_act="mish"), {}),
    "llama_dynamic": (LlamaConfig(**{**DECODER, "max_position_embeddings": 4},
                                  rope_parameters=rope("dynamic", factor=2.0)), dict(shard="3KB", dtype=torch.bfloat16)),
    "llama_yarn": (LlamaConfig(**DECODER, rope_parameters=rope("yarn", factor=4.0, original_max_position_embeddings=8)), {}),
    "llama_partial_ignored": (LlamaConfig(**DECODER, rope_parameters=rope(partial_rotary_factor=0.5)), {}),
    "mistral_window": (MistralConfig(**DECODER, head_dim=8, sliding_window=3), {}),
    "qwen2_upper_window": (Qwen2Config(**DECODER, use_sliding_window=True, sliding_window=3, max_window_layers=1), {}),
    "qwen3_biases": (Qwen3Config(**DECODER, head_dim=14, attention_bias=True, tie_word_embeddings=True), dict(dtype=torch.float16)),
    "gemma_one_key": (GemmaConfig(**{**DECODER, "num_attention_heads": 3}, head_dim=6), {}),
    "gemma2_scalar": (Gemma2Config(**DECODER, head_dim=8, query_pre_attn_scalar=50, sliding_window=3, attn_logit_softcapping=2.0,
                                   final_logit_softcapping=5.0), {}),
    "gemma2_uncapped": (Gemma2Config(**DECODER, head_dim=8, sliding_window=2, attn_logit_softcapping=None,
                                     final_logit_softcapping=None, layer_types=["full_attention", "sliding_attention"]), dict(spell=5)),
    "phi3_partial": (Phi3Config(**DECODER, sliding_window=4, rope_parameters=rope(partial_rotary_factor=0.7)), {}),
    "phi3_longrope": (Phi3Config(**DECODER, original_max_position_embeddings=8, rope_parameters=rope("longrope", **LONG)), dict(spell=5)),
    "bert_untied": (BertConfig(**BERT, tie_word_embeddings=False, hidden_act="gelu_new", type_vocab_size=3), dict(kind=BertForMaskedLM)),
    "opt_projected": (OPTConfig(**OPT, word_embed_proj_dim=8, do_layer_norm_before=False), {}),
    "opt_plain": (OPTConfig(**OPT, word_embed_proj_dim=12, enable_bias=False, layer_norm_elementwise_affine=False,
                            activation_function="gelu"), {}),
    "mixtral_three": (MixtralConfig(**{**DECODER, "intermediate_size": 16}, num_local_experts=3, num_experts_per_tok=1, sliding_window=3), {}),
    "qwen3_moe_mixed": (Qwen3MoeConfig(**{**DECODER, "num_hidden_layers": 3}, num_experts=4, num_experts_per_tok=2,
                                       moe_intermediate_size=8, mlp_only_layers=[1], norm_topk_prob=False), {}),
    "olmo2_biases": (Olmo2Config(**DECODER, attention_bias=True), dict(tree=True)),
    "olmo3_window": (Olmo3Config(**{**DECODER, "num_hidden_layers": 4}, sliding_window=3, rope_parameters=dict(
        full_attention=rope("yarn", factor=4.0, original_max_position_embeddings=8), sliding_attention=rope())), dict(tree=True, spell=5)),
    "olmo_clipped": (OlmoConfig(**DECODER, clip_qkv=0.5), dict(tree=True)),
    "phi_partial": (PhiConfig(**{**DECODER, "hidden_size": 20}, rope_parameters=rope(partial_rotary_factor=0.4)), dict(tree=True)),
    "starcoder2_window": (Starcoder2Config(**DECODER, sliding_window=3), dict(tree=True)),
    "starcoder2_unbiased": (Starcoder2Config(**DECODER, use_bias=False, tie_word_embeddings=False), dict(tree=True, spell=5)),
    "stablelm_parallel": (StableLmConfig(**{**DECODER, "hidden_size": 20}, use_parallel_residual=True, use_qkv_bias=True,
                                         rope_parameters=rope(partial_rotary_factor=0.4)), dict(tree=True)),
    "stablelm_sequential": (StableLmConfig(**{**DECODER, "hidden_size": 16}, rope_parameters=rope(partial_rotary_factor=0.25)), dict(tree=True)),
    "granite_factors": (GraniteConfig(**DECODER, embedding_multiplier=3.0, attention_multiplier=0.3, residual_multiplier=0.4, logits_scaling=2.0,
                                      mlp_bias=True), dict(tree=True)),
    "cohere_norms": (CohereConfig(**DECODER, use_qk_norm=True, logit_scale=0.5), dict(tree=True)),
    "cohere_plain": (CohereConfig(**DECODER, attention_bias=True, tie_word_embeddings=False), dict(tree=True, spell=5)),
    "cohere2_window": (Cohere2Config(**{**DECODER, "num_hidden_layers": 4}, sliding_window=3), dict(tree=True)),
    "smollm3_interval": (SmolLM3Config(**{**DECODER, "num_hidden_layers": 4}), dict(tree=True)),
    "smollm3_listed": (SmolLM3Config(**DECODER, no_rope_layers=[0, 1], use_sliding_window=True, sliding_window=3, mlp_bias=True,
                                     attention_bias=True, tie_word_embeddings=False), dict(tree=True, spell=5)),
    "glm4_partial": (Glm4Config(**DECODER, head_dim=12, rope_parameters=rope(partial_rotary_factor=0.5)), dict(tree=True)),
    "gemma3_local": (Gemma3TextConfig(**{**DECODER, "num_hidden_layers": 4}, head_dim=8, query_pre_attn_scalar=20, sliding_window=3,
                                      layer_types=["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
                                      rope_parameters=dict(full_attention=rope("linear", 100000.0, factor=4.0), sliding_attention=rope())),
                     dict(tree=True, spell=5)),
    "gptj_partial": (GPTJConfig(**S, n_positions=24, n_embd=20, n_head=2, n_layer=2, n_inner=12, rotary_dim=4), dict(tree=True)),
    "gpt_neo_local": (GPTNeoConfig(**S, max_position_embeddings=24, hidden_size=12, num_layers=2, num_heads=3, window_size=3,
                                   attention_types=[[["global", "local"], 1]]), dict(tree=True)),
    "olmoe_clipped": (OlmoeConfig(**{**DECODER, "intermediate_size": 16}, num_experts=4, num_experts_per_tok=2, clip_qkv=0.5, norm_topk_prob=True), {}),
    "qwen2_moe_shared": (Qwen2MoeConfig(**{**DECODER, "num_hidden_layers": 3}, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=8,
                                        shared_expert_intermediate_size=6, mlp_only_layers=[1]), {}),
}


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            random = torch.randn(weight.shape, generator=generator)
            if weight.dim() > 1:
                weight.copy_(random * (0.4 if "emb" in name or "wte" in name or "wpe" in name else 1.2 / weight.shape[-1] ** 0.5))
            elif "norm" in name.lower() or "ln_" in name:
                weight.copy_(0.3 * random + (0 if "bias" in name or "Gemma" in type(model).__name__ else 1))
            else:
                weight.copy_(0.3 * random)


def spell_4(config):
    config = copy.deepcopy(config)
    rope = config.pop("rope_parameters", None)
    if rope:
        config["rope_theta"] = rope.pop("rope_theta")
        part = rope.pop("partial_rotary_factor", None)
        if config["model_type"] == "gpt_neox":
            config["rotary_emb_base"], config["rotary_pct"] = config.pop("rope_theta"), part
        elif part is not None:
            config["partial_rotary_factor"] = part
        if rope["rope_type"] != "default":
            config["rope_scaling"] = rope
    config["torch_dtype"] = config.pop("dtype")
    config.pop("layer_types", None)
    if config["model_type"] in ("qwen3_moe", "qwen2_moe", "olmoe"):
        config["num_experts"] = config.pop("num_local_experts", config.get("num_experts"))
    return config


def batch(seed, left):
    generator = torch.Generator().manual_seed(seed)
    ids = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(LENGTHS):
        at = slice(max(LENGTHS) - length, None) if left else slice(0, length)
        ids[row, at] = torch.randint(3, 23, (length,), generator=generator)
        mask[row, at] = 1
    return ids, mask


def expected(fresh, seed, generates):
    """fresh() gives the model anew: dynamic positions remember the longest sequence they have seen."""
    model = fresh()
    tensors = {}
    with torch.no_grad():
        for variant in ("right", "left_pos"):
            ids, mask = batch(seed, variant != "right")
            inputs = dict(input_ids=ids, attention_mask=mask)
            if variant == "left_pos":
                inputs["position_ids"] = (mask.cumsum(-1) - 1).masked_fill(mask == 0, 1)
            output = model(**inputs, output_hidden_states=True, output_attentions=True)
            inputs["logits"] = output.logits
            inputs.update({f"hidden_states/{i}": each for i, each in enumerate(output.hidden_states)})
            inputs.update({f"attentions/{i}": each for i, each in enumerate(output.attentions)})
            tensors.update({f"{variant}/{name}": value for name, value in inputs.items()})
        if generates:
            ids, mask = batch(seed, True)
            for name, cached in (("none", False), ("kept", model.config.model_type != "phi3")):
                tensors["generated/" + name] = fresh().generate(input_ids=ids, attention_mask=mask, max_new_tokens=6, do_sample=False,
                                                                eos_token_id=None, pad_token_id=0, use_cache=cached)
    return tensors


def write(seed, name, config, kind=AutoModelForCausalLM, bare=False, shard=None, dtype=torch.float32, spell=4, tree=False):
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    model = (kind.from_config(config) if kind is AutoModelForCausalLM else kind(config)).eval()
    randomise(model, seed)
    model.tie_weights()
    model.to(dtype)
    (model.base_model if bare else model).save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    fresh = lambda: kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    tensors = expected(fresh, seed, kind is AutoModelForCausalLM)
    save_file({key: value.contiguous().clone() for key, value in tensors.items()}, os.path.join(folder, "expected.safetensors"))
    if tree:
        open(os.path.join(folder, "tree.txt"), "w").write(repr(model) + "\n")
    path = os.path.join(folder, "config.json")
    written = json.load(open(path))
    written["architectures"] = [type(model).__name__]  # bare names of tensors, as openai's gpt2 has them
    json.dump(spell_4(written) if spell == 4 else written, open(path, "w"), indent=1)
    if os.path.exists(os.path.join(folder, "generation_config.json")):
        os.remove(os.path.join(folder, "generation_config.json"))


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    for seed, (name, (config, options)) in enumerate(MODELS.items()):
        if not sys.argv[1:] or name in sys.argv[1:]:
            write(seed, name, config, **options)
            print(name, os.path.getsize(os.path.join(HERE, name, "expected.safetensors")))
