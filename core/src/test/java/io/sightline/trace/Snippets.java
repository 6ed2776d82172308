package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static io.sightline.envoy.Index.ellipsis;
import static io.sightline.envoy.Index.slice;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import io.sightline.engine.Tuple;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Functions;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.graph.Block;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.WrapperModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Python snippets of fixtures/graphs, written with the Java API; each gives the block that it records. */
final class Snippets {
    /** A snippet on one model. */
    interface Snippet {
        Block record(TraceableModel<?> model);
    }

    private static final Map<String, Snippet> ALL = new LinkedHashMap<>();

    private Snippets() {}

    static Map<String, Snippet> byName() {
        return ALL;
    }

    private static void trace(String name, Object input, Body body) {
        ALL.put(name, model -> {
            try (Tracer trace = model.trace(input)) {
                body.record(model, trace);
                return trace.block();
            }
        });
    }

    private static void invokes(String name, Body body) {
        ALL.put(name, model -> {
            try (Tracer trace = model.trace()) {
                body.record(model, trace);
                return trace.block();
            }
        });
    }

    private static void generate(String name, @Nullable Object prompt, int tokens, Body body) {
        ALL.put(name, model -> {
            LanguageModel language = (LanguageModel) model;
            try (Tracer trace = prompt == null ? language.generate(tokens) : language.generate(prompt, tokens)) {
                body.record(model, trace);
                return trace.block();
            }
        });
    }

    private static void session(String name, SessionBody body) {
        ALL.put(name, model -> {
            try (Session session = model.session()) {
                body.record(model, session);
                return session.block();
            }
        });
    }

    interface Body {
        void record(TraceableModel<?> model, Tracer trace);
    }

    interface SessionBody {
        void record(TraceableModel<?> model, Session session);
    }

    private static final String EIFFEL = "The Eiffel Tower is in the city of";
    private static final String CAT = "The cat sat on the rock";
    private static final String JOHN = "After John and Mary went";
    private static final String RAIN = "When the rain stopped, the";

    private static Tensor x() {
        return Tensor.of(new float[] {0.1f, 0.9f, -0.4f, 0.3f, 0.7f}, 1, 5);
    }

    private static Proxy block(TraceableModel<?> model, int layer) {
        return model.get("transformer.h." + layer).output().get(0);
    }

    private static Proxy head(TraceableModel<?> model) {
        return model.get("lm_head").output();
    }

    /** Two modules in one, the inner one giving back what it takes. */
    static final class ComplexModule extends Module {
        private final Module one = child("one", new WrapperModule());

        @Override
        protected @Nullable Object forward(Args args) {
            return one.call(args);
        }
    }

    static {
        basics();
        operations();
        invokesAndGeneration();
        gradients();
        sessions();
        conditions();
        otherFamilies();
        edits();
    }

    private static void basics() {
        trace("g_save_io", EIFFEL, (model, trace) -> {
            model.get("transformer.h.1").output().save();
            block(model, -1).save();
            model.get("transformer.h.-1").input().save();
            model.get("transformer.h.0.mlp").inputs().save();
            model.get("transformer.h.0.attn").output().get(0).save();
            model.get("transformer.ln_f").output().save();
            head(model).save();
            model.output().attr("logits").save();
        });
        trace("g_zero_inplace", JOHN, (model, trace) -> {
            block(model, 1).copy().save();
            block(model, 1).at(all()).set(0);
            block(model, 1).save();
            block(model, 2).save();
            head(model).save();
        });
        trace("g_swap_output", CAT, (model, trace) -> {
            Envoy wte = model.get("transformer.wte");
            wte.output().copy().save();
            wte.setOutput(wte.output().mul(0));
            wte.output().save();
            Envoy mlp = model.get("transformer.h.1.mlp");
            mlp.setOutput(mlp.output().mul(0.5).add(1.0));
            mlp.output().save();
            head(model).save();
        });
        trace("g_swap_tuple", CAT, (model, trace) -> {
            Envoy first = model.get("transformer.h.0");
            Proxy out = first.output();
            first.setOutput(Tuple.of(out.get(0).mul(-1.0)));
            first.output().save();
            head(model).save();
        });
        trace("g_inputs_setter", JOHN, (model, trace) -> {
            Envoy mlp1 = model.get("transformer.h.1.mlp");
            mlp1.setInput(mlp1.input().mul(0.5));
            mlp1.input().save();
            Envoy mlp2 = model.get("transformer.h.2.mlp");
            mlp2.setInputs(Tuple.of(Tuple.of(mlp2.inputs().get(0).get(0).add(1)), Map.of()));
            mlp2.output().save();
            model.get("lm_head").input().at(all(), -1).set(0);
            head(model).get(all(), slice(-2, null)).save();
        });
        trace("g_slice_edit", EIFFEL, (model, trace) -> {
            block(model, 0).at(all(), -1, slice(null, 5)).set(3.0);
            block(model, 0).at(0, slice(2, 6, 2)).set(-1);
            model.get("transformer.h.1.mlp")
                    .output()
                    .at(ellipsis(), slice(null, null, 4))
                    .set(0);
            block(model, 1).at(all(), List.of(1, 3)).set(0.25);
            block(model, 0).save();
            model.get("transformer.h.1.mlp").output().save();
            block(model, 1).save();
            block(model, 2).get(all(), slice(-3, null), slice(10, 20)).save();
            head(model).get(all(), -1).save();
        });
        trace("g_steering", RAIN, (model, trace) -> {
            try (Scope scope = Scope.open()) {
                Tensor line = (Tensor)
                        Objects.requireNonNull(TorchFunction.call("linspace", List.of(-1L, 1L, 40L), Map.of()));
                Tensor vec = line.mul(2.5);
                Tensor vec2 = (Tensor) Objects.requireNonNull(TorchFunction.call(
                        "cos", List.of(Tensor.arange(40, Device.CPU).to(DType.FLOAT32)), Map.of()));
                block(model, 0).at(all()).change(h -> h.add(vec));
                Proxy changed = block(model, 1).get(all(), -1).add(vec2);
                block(model, 1).at(all(), -1).set(changed);
                block(model, 2).at(all()).change(h -> h.mul(0.75));
                block(model, 0).save();
                block(model, 1).save();
                head(model).save();
            }
        });
        trace("g_head_ablation", EIFFEL, (model, trace) -> {
            Proxy z = model.get("transformer.h.1.attn.c_proj").input();
            Proxy heads = z.attr("view").invoke(z.shape().get(0), z.shape().get(1), 4, 10);
            heads.at(all(), all(), 2).set(0);
            model.get("transformer.h.1.attn.c_proj").output().save();
            Proxy qkv = model.get("transformer.h.0.attn.c_attn").output();
            Proxy q = qkv.call("split", 40, Keywords.of("dim", -1)).get(0);
            q.at(all(), -1).set(0);
            model.get("transformer.h.0.attn").output().get(1).save();
            head(model).get(all(), -1).save();
        });
        trace("g_logit_lens", EIFFEL, (model, trace) -> {
            Envoy norm = model.get("transformer.ln_f");
            Envoy unembed = model.get("lm_head");
            for (Envoy layer : model.get("transformer.h")) {
                Proxy z = unembed.call(norm.call(layer.output().get(0)));
                Functions.softmax(z, 2).argmax(2).save();
            }
            unembed.call(norm.call(block(model, 0))).get(all(), -1).save();
        });
        trace("g_early_stop", CAT, (model, trace) -> {
            block(model, 0).save();
            block(model, 1).save();
            model.get("transformer.h.0").output().stop();
            head(model).save();
        });
        trace("t_save", x(), (model, trace) -> {
            model.get("layer2").output().save();
            model.get("layer1").input().save();
            model.output().save();
        });
        trace("t_early_stop", x(), (model, trace) -> {
            model.get("layer1").output().save();
            model.get("layer2").output().save();
            model.get("layer1").output().stop();
        });
        trace("t_stop_unsaved", x(), (model, trace) -> {
            Proxy out = model.get("layer1").output();
            model.get("layer1").output().stop();
            out.mul(2);
        });
        trace("t_apply_and_log", Tensor.of(new float[] {0.5f, -0.5f, 1, 2}, 1, 4), (model, trace) -> {
            Proxy s = trace.apply("torch.sum", model.get("0").output()).save();
            trace.apply("float", s).save();
            model.get("2").call(model.get("1").output().mul(2)).save();
            trace.log("sum is", s);
        });
        trace("t_unnamed_sequential", Tensor.of(new float[] {0.5f, -0.5f, 1, 2, 1, 1, -1, 0}, 2, 4), (model, trace) -> {
            Envoy net = model.envoy();
            net.get(1).output().at(all(), 0).set(0);
            net.get(1).output().save();
            net.get(3).output().save();
            net.get(4).setOutput(net.get(4).output().mul(2).sub(1));
            model.output().save();
            Functions.call(
                            "torch.nn.functional.softmax",
                            model.output(),
                            Keywords.of("dim", -1).and("_stacklevel", 3).and("dtype", null))
                    .save();
        });
    }

    private static void operations() {
        trace("g_ops_create", JOHN, (model, trace) -> {
            Proxy x = block(model, 0);
            trace.apply("torch.zeros", x.shape()).save();
            trace.apply("torch.ones", x.shape().get(1), 4).mul(2).save();
            trace.apply("torch.arange", x.shape().get(1)).save();
            trace.apply("torch.full", Tuple.of(2, 3), 5.0).save();
            trace.apply("torch.eye", 3).save();
            trace.apply("torch.linspace", 0, 1, 5).save();
            Functions.call("torch.zeros_like", x).save();
            Proxy zeros = trace.apply("torch.zeros", x.shape());
            block(model, 1).at(all()).set(zeros);
            block(model, 1).save();
        });
        trace("g_ops_dtype", JOHN, (model, trace) -> {
            Proxy x = block(model, 0);
            x.copy().save();
            x.to(DType.INT64).save();
            x.call("to", "cpu").save();
            x.call("type_as", x).save();
            x.to(DType.FLOAT64).call("sum", -1).save();
            x.gt(0).to(DType.FLOAT32).save();
            x.gt(0).to(DType.INT64).call("sum", 1).save();
            x.detach().save();
            x.to(DType.FLOAT16).save();
            x.to(DType.BFLOAT16).save();
            x.call("argmax", -1).add(1).to(DType.INT32).save();
        });
        trace("g_ops_einops", JOHN, (model, trace) -> {
            Proxy x = block(model, 0);
            Functions.rearrange(x, "b t (h d) -> b h t d", Keywords.of("h", 4)).save();
            Functions.call("einops.reduce", x, "b t d -> b d", "mean").save();
            Functions.call("einops.repeat", x.get(all(), 0), "b d -> b k d", Keywords.of("k", 3))
                    .save();
            Functions.call("einops.einsum", x, x, "b t d, b s d -> b t s").save();
        });
        trace("g_ops_shape", JOHN, (model, trace) -> {
            Proxy x = block(model, 0);
            Proxy y = block(model, 1);
            x.view(1, -1, 4, 10).transpose(1, 2).save();
            x.reshape(-1, 8).save();
            Functions.call("torch.permute", x, Tuple.of(2, 0, 1)).save();
            x.get(0).attr("T").save();
            x.unsqueeze(1).squeeze(0).save();
            Functions.call("torch.flatten", x, 1).save();
            x.get(all(), slice(null, 1)).call("expand", 1, 3, 40).save();
            x.get(all(), slice(null, 2), slice(null, 4)).call("repeat", 2, 1, 2).save();
            Functions.cat(List.of(x, y), 1).save();
            Functions.stack(List.of(x, y), 0).save();
            Functions.call("torch.chunk", x, 4, Keywords.of("dim", -1)).get(2).save();
            x.call("split", 16, Keywords.of("dim", -1)).get(1).save();
            Proxy order =
                    Functions.call("torch.argsort", x, Keywords.of("dim", 2)).get(all(), all(), slice(null, 4));
            Functions.call("torch.gather", x, 2, order).save();
            Functions.call("torch.index_select", x, 1, trace.apply("torch.tensor", List.of(0, 2)))
                    .save();
            Functions.call("torch.flip", x, Keywords.of("dims", List.of(1))).save();
            Functions.call("torch.roll", x, 1, 1).save();
            Functions.call("torch.tril", x.get(0, all(), slice(null, 5))).save();
            x.shape().get(1).save();
        });
        trace("g_ops_reduce", EIFFEL, (model, trace) -> {
            Proxy x = block(model, 1);
            Proxy logits = head(model).get(all(), -1);
            Functions.softmax(logits, -1).save();
            logits.logSoftmax(-1).save();
            logits.argmax(-1).save();
            Proxy top = Functions.topk(logits, 5, -1);
            top.get(0).save();
            top.get(1).save();
            logits.call("topk", 3).attr("indices").save();
            x.call("mean", Keywords.of("dim", Tuple.of(0, 1))).save();
            Functions.call("torch.mean", x, Keywords.of("dim", -1).and("keepdim", true))
                    .save();
            x.call("std", Keywords.of("dim", -1)).save();
            Functions.call("torch.var", x, Keywords.of("dim", -1).and("unbiased", false))
                    .save();
            x.norm(-1).save();
            x.max().save();
            Functions.call("torch.amin", x, Keywords.of("dim", 1)).save();
            x.call("max", Keywords.of("dim", -1)).attr("values").save();
            x.call("sum", -1).save();
            Functions.call("torch.cumsum", x.get(0, all(), slice(null, 3)), Keywords.of("dim", 0))
                    .save();
            Functions.call("torch.sort", x.get(0, 0), Keywords.of("descending", true))
                    .get(0)
                    .save();
            Functions.call("torch.any", x.gt(8)).save();
            Functions.call("torch.all", x.lt(1e6)).save();
            x.get(0, 0, 0).item().save();
        });
        trace("g_ops_math", JOHN, (model, trace) -> {
            try (Scope scope = Scope.open()) {
                arithmetic(model);
            }
        });
        trace("g_len_and_proxy_index", JOHN, (model, trace) -> {
            Proxy ids = head(model).get(0, -1).argmax();
            head(model).get(0, all(), ids).save();
            Proxy position = block(model, 0).get(0).norm(-1).argmax();
            block(model, 1).get(all(), position).save();
            block(model, 2).at(all(), position).set(0);
            block(model, 2).save();
            Envoy mlp = model.get("transformer.h.1.mlp");
            Proxy mask = mlp.output().gt(0);
            mlp.output().at(mask).set(0);
            mlp.output().save();
        });
    }

    private static void arithmetic(TraceableModel<?> model) {
        Tensor line =
                (Tensor) Objects.requireNonNull(TorchFunction.call("linspace", List.of(-0.5, 0.5, 80L), Map.of()));
        Tensor w = line.reshape(40, 2);
        Tensor b = Tensor.of(new float[] {1, -2}, 2);
        Proxy x = block(model, 0);
        Proxy y = block(model, 1);
        x.matmul(w).save();
        Functions.call("torch.matmul", x, y.transpose(-1, -2)).save();
        Functions.call("torch.matmul", x, w).add(b).save();
        Functions.call("torch.bmm", x, y.attr("mT")).save();
        x.gt(y).save();
        x.eq(x).call("all").save();
        x.ne(y).sum().save();
        x.le(0).sum().save();
        Functions.where(x.gt(0), x, y).save();
        Functions.call("torch.clamp", x, -1, 1).save();
        x.call("clamp", Keywords.of("min", 0)).save();
        Functions.call("torch.relu", x).save();
        Functions.call("torch.nn.functional.elu", x, Keywords.of("alpha", 1.0).and("inplace", false))
                .save();
        Functions.call("torch.tanh", x).save();
        x.call("sigmoid").save();
        Functions.call("torch.nn.functional.silu", x, Keywords.of("inplace", false))
                .save();
        Functions.call("torch.exp", x.mul(0.1)).save();
        Functions.call("torch.log", x.call("abs").add(1)).save();
        Functions.call("torch.sqrt", x.pow(2).add(1)).save();
        Proxy variance = x.call("pow", 2).call("mean", -1, Keywords.of("keepdim", true));
        Functions.call("torch.rsqrt", variance.add(1e-5)).save();
        x.rsub(2).div(y.mul(y).add(1)).sub(x.neg()).save();
        x.abs().save();
        x.mod(2).save();
        Functions.call("torch.isnan", x).call("any").save();
        Functions.call("torch.cosine_similarity", x, y, Keywords.of("dim", -1)).save();
        Functions.call(
                        "torch.nn.functional.layer_norm",
                        x,
                        Tuple.of(40),
                        Keywords.of("weight", null).and("bias", null).and("eps", 1e-5))
                .save();
        x.attr("masked_fill").invoke(x.lt(0), -9.0).save();
    }

    private static void invokesAndGeneration() {
        invokes("g_cross_invoke_patch", (model, trace) -> {
            Proxy clean;
            try (Invoker one = trace.invoke("After John and Mary went")) {
                clean = block(model, 1).get(all(), slice(-2, null));
                head(model).get(all(), -1).save();
            }
            try (Invoker two = trace.invoke("After Alice and Bob went")) {
                block(model, 1).at(all(), slice(-2, null)).set(clean);
                block(model, 1).save();
                head(model).get(all(), -1).save();
            }
        });
        invokes("g_multi_invoke_lengths", (model, trace) -> {
            for (String prompt : List.of(EIFFEL, JOHN, "The cat sat on the rock; it isn't")) {
                try (Invoker invoke = trace.invoke(prompt)) {
                    block(model, 1).save();
                    head(model).get(all(), -1).save();
                    head(model).get(all(), -1).argmax(-1).save();
                }
            }
        });
        invokes("g_multi_invoke_edit_one", (model, trace) -> {
            try (Invoker one = trace.invoke(List.of("The cat sat", "The dog sat on the log"))) {
                block(model, 0).at(1, -1).set(0);
                block(model, 0).save();
            }
            try (Invoker two = trace.invoke("The frog sat on the")) {
                Proxy more = block(model, 1).add(1);
                block(model, 1).at(all()).set(more);
                block(model, 1).save();
            }
            try (Invoker three = trace.invoke("The bird")) {
                block(model, 1).save();
                head(model).get(all(), -1).save();
            }
        });
        invokes("g_input_forms", (model, trace) -> {
            for (Object input : List.of(
                    List.of(5, 60, 300, 41),
                    new long[][] {{7, 8, 9}, {10, 11, 12}},
                    Map.of("input_ids", List.of(List.of(100, 101, 102, 103, 104))))) {
                try (Invoker invoke = trace.invoke(input)) {
                    head(model).get(all(), -1).save();
                }
            }
        });
        invokes("g_token_indexing", (model, trace) -> {
            try (Invoker one = trace.invoke(EIFFEL)) {
                block(model, 1).t(0).save();
                block(model, 1).token(3).save();
            }
            try (Invoker two = trace.invoke("After John")) {
                block(model, 0).atToken(0).set(0);
                block(model, 0).t(0).save();
                head(model).t(-1).save();
            }
        });
        invokes("t_multi_invoke", (model, trace) -> {
            Tensor x = Tensor.of(
                    new float[] {0.1f, 0.9f, -0.4f, 0.3f, 0.7f, 1, -1, 0.5f, 0.25f, 2, 0, 0, 0.1f, 0.2f, -0.3f}, 3, 5);
            try (Scope scope = Scope.open()) {
                Proxy s;
                try (Invoker one = trace.invoke(x)) {
                    model.get("layer1").output().get(all(), 0).save();
                    s = model.get("sigma1").output();
                }
                try (Invoker two = trace.invoke(x.narrow(0, 0, 2).mul(2))) {
                    Proxy rows = s.get(slice(null, 2));
                    model.get("sigma1").output().at(all()).set(rows);
                    model.get("layer2").output().save();
                }
                try (Invoker three = trace.invoke(x.narrow(0, 2, 1))) {
                    Envoy norm = model.get("norm");
                    norm.setOutput(norm.output().mul(0));
                    model.output().save();
                }
            }
        });
        generate("g_generate_next", RAIN, 4, (model, trace) -> {
            for (int i = 0; i < 4; i++) {
                head(model).get(all(), -1).save();
                block(model, 1).save();
                model.get("lm_head").next();
                model.get("transformer.h.1").next();
            }
            model.get("generator").output().save();
        });
        generate("g_generate_edit_step", "The cat sat on the", 5, (model, trace) -> {
            model.get("transformer.h.0").next(2);
            block(model, 0).at(all()).set(1.5);
            block(model, 0).save();
            head(model).save();
            model.get("lm_head").next(3);
            head(model).save();
            model.get("generator").output().save();
        });
        generate("g_generate_tracer_next", null, 3, (model, trace) -> {
            try (Invoker one = trace.invoke("The river runs from the")) {
                head(model).get(all(), -1).argmax(-1).save();
                trace.next();
                head(model).get(all(), -1).argmax(-1).save();
                trace.next();
                Envoy norm = model.get("transformer.ln_f");
                norm.setOutput(norm.output().mul(-1));
                head(model).get(all(), -1).argmax(-1).save();
            }
            try (Invoker two = trace.invoke("In 1969")) {
                model.get("generator").output().save();
            }
        });
        generate("g_embedding_patch_generate", null, 3, (model, trace) -> {
            Proxy embeddings;
            try (Invoker one = trace.invoke(EIFFEL)) {
                embeddings = model.get("transformer.wte").output();
                model.get("generator").output().save();
            }
            try (Invoker two = trace.invoke("_ _ _ _ _ _")) {
                model.get("transformer.wte").setOutput(embeddings);
                model.get("generator").output().save();
            }
        });
    }

    private static void gradients() {
        trace("g_grad_read", JOHN, (model, trace) -> {
            block(model, 0).grad().save();
            block(model, 1).grad().save();
            model.get("transformer.h.1.mlp").output().grad().save();
            head(model).sum().save().backward();
        });
        trace("g_grad_set", JOHN, (model, trace) -> {
            Proxy hidden = block(model, -1).save();
            Proxy g = hidden.grad().copy();
            g.at(all(), slice(null, 2)).set(0);
            hidden.setGrad(g.mul(3));
            hidden.grad().save();
            block(model, 0).grad().save();
            Proxy inplace = block(model, 1).grad();
            inplace.at(all(), -1).set(0);
            inplace.save();
            head(model).get(all(), -1, slice(null, 7)).call("pow", 2).sum().backward();
        });
        trace("g_two_backward", CAT, (model, trace) -> {
            Proxy hidden = block(model, -1).save();
            hidden.grad().save();
            Proxy logits = head(model);
            logits.sum().backwardRetainingGraph();
            hidden.grad().save();
            logits.mul(2).sum().backward();
        });
        ALL.put("g_labels_loss", model -> {
            try (Tracer trace = model.trace(JOHN, Keywords.of("labels", JOHN))) {
                model.output().attr("loss").save();
                block(model, 0).grad().save();
                model.output().attr("loss").backward();
                return trace.block();
            }
        });
        trace("t_grad_setting", x(), (model, trace) -> {
            Envoy layer = model.get("layer1");
            layer.output().grad().copy().save();
            layer.output().setGrad(layer.output().grad().copy().mul(2));
            layer.output().grad().save();
            model.output().sum().backward();
        });
    }

    private static void sessions() {
        session("g_session_two_traces", (model, session) -> {
            Proxy hidden;
            try (Tracer one = model.trace(EIFFEL)) {
                hidden = block(model, 0);
                head(model).argmax(-1).save();
                one.run();
            }
            try (Tracer two = model.trace("The Colosseum is in the city of")) {
                Proxy last = hidden.get(all(), slice(-3, null));
                block(model, 0).at(all(), slice(-3, null)).set(last);
                head(model).argmax(-1).save();
                head(model).get(all(), -1).save();
                two.run();
            }
        });
        session("g_session_input_set", (model, session) -> {
            Proxy inputs;
            try (Tracer one = model.trace(JOHN)) {
                inputs = model.get("transformer.h.1").inputs();
                head(model).argmax(-1).save();
                one.run();
            }
            try (Tracer two = model.trace(JOHN)) {
                model.get("transformer.h.1").setInput(inputs.get(0).get(0));
                head(model).argmax(-1).save();
                two.run();
            }
        });
        session("g_session_iter_scales", (model, session) -> {
            Proxy results = session.list().save();
            try (Loop loop = session.iter(List.of(0.0, 0.5, 2.0))) {
                try (Tracer trace = model.trace(CAT)) {
                    Proxy scaled = block(model, 1).mul(loop.item());
                    block(model, 1).at(all()).set(scaled);
                    results.attr("append").invoke(head(model).get(all(), -1));
                    trace.run();
                }
                loop.run();
            }
        });
        session("g_builtins", (model, session) -> {
            Proxy list = session.list().save();
            session.dict(Map.of("a", "1")).save();
            try (Loop loop = session.iter(List.of(1, 2, 3))) {
                try (Condition two = loop.cond(loop.item().eq(2))) {
                    list.attr("append").invoke(session.asInt(0));
                }
                list.attr("append").invoke(loop.item().mul(10));
                list.attr("append").invoke(loop.asString("x"));
                loop.run();
            }
            session.tuple(List.of(1, 2)).save();
            session.asFloat(3).save();
        });
        session("t_bridge", (model, session) -> {
            Proxy value = session.apply("int", 0);
            try (Tracer trace = model.trace(x())) {
                model.get("layer1").output().at(all()).set(value);
                model.get("layer1").output().save();
                trace.run();
            }
        });
        session("t_bridge_external_edit", (model, session) -> {
            Proxy out;
            try (Tracer one = model.trace(x())) {
                out = model.get("layer1").output().save();
                one.run();
            }
            try (Tracer two = model.trace(x())) {
                out.at(all(), 2).set(5);
                two.run();
            }
        });
        session("t_nested_iterator", (model, session) -> {
            Proxy list = session.list();
            list.call("append", List.of(0));
            list.call("append", List.of(1));
            list.call("append", List.of(2));
            Proxy flat = session.list().save();
            try (Loop outer = session.iter(list)) {
                try (Loop inner = session.iter(outer.item())) {
                    flat.call("append", inner.item());
                    inner.run();
                }
                outer.run();
            }
        });
        session("t_sequential_exit", (model, session) -> {
            Proxy list = session.list().save();
            list.call("append", 0);
            try (Loop loop = session.iter(List.of(1, 2, 3, 4))) {
                try (Condition three = loop.cond(loop.item().eq(3))) {
                    loop.exit();
                }
                list.call("append", loop.item());
                loop.run();
            }
            list.call("append", 5);
            session.exit();
            list.call("append", 6);
        });
        session("t_session_training", (model, session) -> {
            Proxy w = session.apply("torch.nn.Parameter", session.apply("torch.tensor", List.of(0.5, -0.5)))
                    .save();
            Proxy optimizer = session.apply("torch.optim.SGD", List.of(w), Keywords.of("lr", 0.1));
            try (Loop loop = session.iter(List.of(1.0, 2.0))) {
                try (Tracer trace = model.trace(x())) {
                    Proxy sum = model.get("layer2").output().mul(w).sum();
                    sum.sub(loop.item()).pow(2).backward();
                    trace.run();
                }
                optimizer.call("step");
                optimizer.call("zero_grad");
                loop.run();
            }
        });
        session("t_update", (model, session) -> {
            Proxy total = session.apply("int", 0).save();
            try (Loop loop = session.iter(List.of(0, 1, 2))) {
                total.update(total.add(loop.item()));
                loop.run();
            }
            total.update(total.add(4));
            try (Tracer trace = model.trace(x())) {
                total.update(total.add(3));
                total.mul(2).save();
                trace.run();
            }
        });
    }

    private static void conditions() {
        trace("g_cond", CAT, (model, trace) -> {
            try (Condition small =
                    trace.cond(Functions.call("torch.all", block(model, 0).lt(100000)))) {
                block(model, 1).at(all()).set(0);
            }
            try (Condition large = trace.cond(block(model, 0).mean().gt(1000))) {
                block(model, 2).at(all()).set(7);
                block(model, 2).copy().save();
            }
            block(model, 1).save();
            block(model, 2).save();
        });
        trace("t_cond_node", x(), (model, trace) -> {
            Proxy out = model.get("layer1").output();
            out.at(all(), 0).set(1);
            try (Condition condition = trace.cond(out.get(all(), 0).ne(1))) {
                model.get("layer1").output().at(all()).set(1);
                model.get("layer1").output().save();
            }
            model.get("layer2").output().save();
        });
        trace("t_cond_true_false", x(), (model, trace) -> {
            try (Condition yes = trace.cond(true)) {
                model.get("layer1").output().at(all()).set(1);
                model.get("layer1").output().save();
            }
            try (Condition no = trace.cond(false)) {
                model.get("layer2").output().at(all()).set(9);
                model.get("layer2").output().save();
            }
            model.output().save();
        });
        trace("t_cond_nested", x(), (model, trace) -> {
            try (Condition yes = trace.cond(true)) {
                model.get("layer1").output().save();
                try (Condition inner = trace.cond(true)) {
                    model.get("layer1").output().at(all()).set(1);
                }
                try (Condition inner = trace.cond(false)) {
                    model.get("layer1").output().at(all()).set(2);
                }
            }
            try (Condition no = trace.cond(false)) {
                model.get("layer2").output().at(all()).set(0);
                try (Condition inner = trace.cond(true)) {
                    model.get("layer2").output().save();
                }
            }
        });
        trace("t_cond_multiple_dependent", x(), (model, trace) -> {
            Proxy one = model.get("layer1").output();
            model.get("layer2").output().save();
            try (Condition yes = trace.cond(true)) {
                one.at(all()).set(1);
            }
            try (Condition other = trace.cond(one.get(all(), 0).ne(1))) {
                model.get("layer2").output().at(all()).set(2);
            }
            try (Condition same = trace.cond(one.get(all(), 0).eq(1))) {
                model.get("layer2").output().at(all()).set(3);
            }
        });
        session("t_cond_trace", (model, session) -> {
            try (Condition yes = session.cond(true)) {
                try (Tracer trace = model.trace(x())) {
                    model.output().save();
                    trace.run();
                }
            }
        });
        session("t_cond_iteration", (model, session) -> {
            Proxy result = session.apply("list").save();
            try (Loop loop = session.iter(List.of(0, 1, 2))) {
                try (Condition even = loop.cond(loop.item().mod(2).eq(0))) {
                    try (Tracer trace = model.trace(x())) {
                        result.call("append", loop.item());
                        trace.run();
                    }
                }
                loop.run();
            }
        });
    }

    private static void otherFamilies() {
        trace("l_save", EIFFEL, (model, trace) -> {
            model.get("model.embed_tokens").output().save();
            for (Envoy layer : model.get("model.layers").get(slice(0, 3))) {
                layer.output().save();
            }
            model.get("model.layers.1.self_attn").output().get(0).save();
            model.get("model.layers.1.self_attn.k_proj").output().save();
            model.get("model.layers.1.mlp").output().save();
            model.get("model.layers.0.mlp.act_fn").output().save();
            model.get("model.norm").output().save();
            head(model).save();
            model.get("model.rotary_emb").output().get(0).save();
        });
        trace("l_batch_output0_is_first_row", List.of("The cat sat", "The dog sat on the log"), (model, trace) -> {
            Envoy layer = model.get("model.layers.0");
            layer.output().get(0).save();
            layer.output().get(1).at(all()).set(0);
            layer.output().save();
            head(model).get(all(), -1).save();
        });
        trace("l_edit_projections", "The cat sat on the rock; it isn't", (model, trace) -> {
            model.get("model.layers.0.self_attn.k_proj")
                    .output()
                    .at(all(), all(), slice(null, 8))
                    .set(0);
            Envoy v = model.get("model.layers.1.self_attn.v_proj");
            v.setOutput(v.output().mul(2));
            model.get("model.layers.1.mlp.down_proj").input().at(all(), -1).set(0.5);
            model.get("model.layers.1").output().save();
            head(model).get(all(), -1).save();
        });
        invokes("l_patch_and_lens", (model, trace) -> {
            Proxy source;
            try (Invoker one = trace.invoke(JOHN)) {
                source = model.get("model.layers.0").output().get(all(), -1);
                Proxy normed =
                        model.get("model.norm").call(model.get("model.layers.1").output());
                model.get("lm_head").call(normed).get(all(), -1).argmax(-1).save();
            }
            try (Invoker two = trace.invoke("The cat sat on the rock; it isn't")) {
                Envoy layer = model.get("model.layers.0");
                layer.output().at(all(), -1).set(source);
                layer.output().get(all(), -1).save();
                head(model).get(all(), -1).save();
            }
        });
        generate("l_generate", RAIN, 4, (model, trace) -> {
            for (int i = 0; i < 4; i++) {
                head(model).get(all(), -1).argmax(-1).save();
                model.get("lm_head").next();
            }
            Envoy layer = model.get("model.layers.1").next();
            layer.output().at(all()).change(h -> h.add(1));
            model.get("generator").output().save();
        });
        trace("x_gemma2", EIFFEL, (model, trace) -> {
            model.get("model.layers.1").output().get(0).save();
            model.get("model.layers.1.post_feedforward_layernorm").output().save();
            model.get("model.layers.2.self_attn")
                    .output()
                    .get(0)
                    .at(all(), slice(3, null))
                    .set(0);
            head(model).get(all(), -1).save();
            model.output().attr("logits").get(all(), -1).save();
        });
        invokes("x_gpt_neox", (model, trace) -> {
            Proxy a;
            try (Invoker one = trace.invoke(EIFFEL)) {
                a = model.get("gpt_neox.layers.1").output().get(0);
                model.get("gpt_neox.layers.1.mlp").output().save();
            }
            try (Invoker two = trace.invoke("The Colosseum is in the city of")) {
                Proxy last = a.get(all(), slice(-4, null));
                model.get("gpt_neox.layers.1")
                        .output()
                        .get(0)
                        .at(all(), slice(-4, null))
                        .set(last);
                model.get("embed_out").output().get(all(), -1).save();
            }
        });
        generate("x_mistral_long", "The river runs from the mountains to the sea.", 3, (model, trace) -> {
            model.get("model.layers.2").output().save();
            model.get("model.layers.0").output().at(all(), 0).set(0);
            model.get("generator").output().save();
        });
    }

    private static void edits() {
        ALL.put("g_clear_edits", model -> {
            try (Editor<?> edit = model.editInPlace()) {
                block(model, 1).at(all()).set(0);
                edit.keep();
            }
            model.clearEdits();
            try (Tracer trace = model.trace(CAT)) {
                block(model, 1).save();
                return trace.block();
            }
        });
        ALL.put("g_edit_inplace_and_copy", model -> edited(model, true));
        ALL.put("g_edit_inplace_original", model -> edited(model, false));
        ALL.put("g_edit_attachment", model -> {
            Envoy first = model.get("transformer.h.0");
            first.set("attachment", new ComplexModule());
            TraceableModel<?> edited;
            try (Editor<?> edit = model.edit()) {
                Proxy acts = first.output().get(0);
                Proxy attached = first.child("attachment").callWithHooks(acts);
                first.output().get(0).at(all()).set(attached);
                edited = (TraceableModel<?>) edit.keep();
            }
            try (Tracer trace = edited.trace(CAT)) {
                first.get("attachment.one").output().copy().save();
                Envoy attachment = first.child("attachment");
                attachment.setOutput(attachment.output().mul(0.5));
                first.output().get(0).save();
                model.output().attr("logits").save();
                return trace.block();
            }
        });
    }

    private static Block edited(TraceableModel<?> model, boolean copy) {
        try (Editor<?> edit = model.editInPlace()) {
            block(model, 1).at(all(), 0).set(0);
            edit.keep();
        }
        TraceableModel<?> edited;
        try (Editor<?> edit = model.edit()) {
            block(model, 1).at(all(), 1).set(0);
            edited = (TraceableModel<?>) edit.keep();
        }
        try (Tracer trace = (copy ? edited : model).trace(CAT)) {
            block(model, 1).save();
            return trace.block();
        } finally {
            model.clearEdits();
        }
    }
}
