"""Writes the TorchScript archives beside it and reference.safetensors: what torch 2.13.0 (CPU) gives for them.

NAME/in/I are the inputs, NAME/out/I the forward's tensors, NAME/PATH/input and NAME/PATH/output those of the submodules
(first tensor, last call), taken with hooks on the same Python module, and NAME/doubled/PATH the first output when that
submodule's output is doubled. reprs.json holds print(torch.jit.load(file)).
"""
import json, os, sys
from typing import List, NamedTuple, Optional, Tuple
import torch, torch.nn as nn, torch.nn.functional as F
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(3)


class Mlp(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.fc, self.act, self.proj, self.drop = nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d), nn.Dropout(0.1)

    def forward(self, x):
        return self.drop(self.proj(self.act(self.fc(x))))


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.ln, self.mlp = nn.LayerNorm(d), Mlp(d)
        self.scale: float = 0.5
        self.register_buffer("off", torch.randn(d))

    def forward(self, x, mask: Optional[torch.Tensor] = None) -> Tuple[torch.Tensor, torch.Tensor]:
        h = self.ln(x)
        if mask is not None:
            h = h * mask[:, :, None]
        h = self.mlp(h) * self.scale + self.off
        return x + h, h


class Branching(nn.Module):
    """To be scripted: conditions, loops, lists, dicts, tuples, a free function, formatting, an exception."""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(11, 8)
        self.blocks = nn.ModuleList([Block(8), Block(8)])
        self.head = nn.Sequential(nn.Linear(8, 8, bias=False), nn.ReLU(), nn.Linear(8, 3))

    def forward(self, ids, mask: Optional[torch.Tensor] = None):
        x = self.emb(ids)
        hs: List[torch.Tensor] = []
        for b in self.blocks:
            x, h = b(x, mask)
            hs.append(h)
        total, i = 0.0, 0
        while i < len(hs):
            total += float(hs[i].sum().item())
            i += 1
        if total > 1e9:
            raise ValueError("too much after %d blocks" % i)
        for j in range(3):
            if j % 2 == 1:
                x = torch.where(x > 0, x, -x)
            else:
                x = x.clamp(min=-float("inf"), max=3.5) + x[:, 0:1].mean(dim=1, keepdim=True)
        n = {"blocks": i, "width": x.shape[-1]}
        return self.head(x), torch.stack(hs), n, x.masked_fill(x < 0.1, -1.0)[..., ::2]


class Straight(nn.Module):
    """To be traced: shapes, constants, a convolution, attention, one module called twice."""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(11, 8)
        self.blocks = nn.ModuleList([Block(8), Block(8)])
        self.conv = nn.Conv1d(8, 8, 3, padding=1)
        self.twice = nn.Linear(8, 8)
        self.head = nn.Sequential(nn.Linear(8, 8, bias=False), nn.ReLU(), nn.Linear(8, 3))

    def forward(self, ids, mask):
        x = self.emb(ids)
        for b in self.blocks:
            x, _ = b(x, mask)
        q = x.view(x.shape[0], x.shape[1], 2, -1).transpose(1, 2)
        x = x + F.scaled_dot_product_attention(q, q, q, is_causal=True).transpose(1, 2).reshape(x.shape)
        x = x + self.conv(x.transpose(1, 2)).transpose(1, 2) + torch.arange(8)
        x = torch.where(mask[:, :, None] > 0, x, torch.tensor(0.25))
        x = self.twice(torch.tanh(self.twice(x)))
        index = torch.tensor([1, 0])
        return self.head(x[:, index])


class Pair(NamedTuple):
    first: torch.Tensor
    count: int


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> Pair:
        return Pair(self.linear(x), 3)


class Named(nn.Module):
    """To be scripted: a named tuple between modules, a comprehension, a step, arithmetic of ints and texts."""

    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x: torch.Tensor):
        pair = self.inner(x)
        return pair.first * pair.count, [i * i for i in range(3)], x[::2], x.shape[0] // 2, "n=" + str(pair.count)


tensors, reprs = {}, {}


def references(name, module, inputs):
    def first(value):
        while isinstance(value, (tuple, list)):
            value = value[0]
        return value

    handles = []
    for path, sub in module.named_modules():
        if path and not isinstance(sub, nn.ModuleList):
            def hook(m, args, out, path=path):
                tensors[f"{name}/{path}/input"] = first(args).clone()
                tensors[f"{name}/{path}/output"] = first(out).clone()
            handles.append(sub.register_forward_hook(hook))
    with torch.no_grad():
        out = module(*inputs)
        for i, x in enumerate(inputs):
            tensors[f"{name}/in/{i}"] = x.clone()
        for i, x in enumerate(out if isinstance(out, tuple) else (out,)):
            if torch.is_tensor(x):
                tensors[f"{name}/out/{i}"] = x.clone()
        for h in handles:
            h.remove()
        for path, sub in module.named_modules():
            if path and not isinstance(sub, nn.ModuleList):
                double = lambda m, a, o: (o[0] * 2, *o[1:]) if isinstance(o, tuple) else o * 2
                h = sub.register_forward_hook(double)
                tensors[f"{name}/doubled/{path}"] = first(module(*inputs)).clone()
                h.remove()


ids, mask = torch.randint(0, 11, (2, 5)), torch.tensor([[1.0, 1, 1, 1, 0], [1, 1, 1, 1, 1]])
branching, straight = Branching().eval(), Straight().eval()
references("scripted", branching, (ids, mask))
references("traced", straight, (ids, mask))
torch.jit.script(branching).save(os.path.join(here, "scripted.pt"))
torch.jit.trace(straight, (ids, mask), check_trace=False).save(os.path.join(here, "traced.pt"))
torch.jit.freeze(torch.jit.script(branching)).save(os.path.join(here, "frozen.pt"))
named, x = Named().eval(), torch.randn(3, 2)
torch.jit.script(named).save(os.path.join(here, "named.pt"))
with torch.no_grad():
    tensors["named/in/0"], tensors["named/out/0"] = x, named(x)[0]
for name in ("scripted", "traced", "frozen", "named"):
    reprs[name] = repr(torch.jit.load(os.path.join(here, name + ".pt")))
save_file({k: v.contiguous() for k, v in tensors.items()}, os.path.join(here, "reference.safetensors"))
json.dump(reprs, open(os.path.join(here, "reprs.json"), "w"), indent=1)
