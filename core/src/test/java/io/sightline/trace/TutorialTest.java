package io.sightline.trace;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.engine.DType;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Functions;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.WireReader;
import io.sightline.graph.WireWriter;
import io.sightline.nn.Activation;
import io.sightline.nn.Linear;
import io.sightline.nn.Sequential;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code of docs/TUTORIAL.md, between markers; {@link TutorialPageTest} holds the page to it. */
class TutorialTest {
    private static LanguageModel model =
            LanguageModel.openLazily(Fixtures.repositoryPath("conf/quickstart/model"), LoadOptions.DEFAULT);
    private long before;

    @BeforeAll
    static void load() {
        model.dispatch();
    }

    @BeforeEach
    void count() {
        before = Torch.liveTensors();
    }

    /** Saved values went with their scopes; a model opened for a test was closed. */
    @AfterEach
    void nothingLeaks() {
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void opening() {
        Path directory = Fixtures.repositoryPath("conf/quickstart/model");
        String tree;
        // [opening]
        try (LanguageModel model = LanguageModel.open(directory)) {
            tree = model.envoy().toString();
        }
        // [end]
        assertThat(tree)
                .startsWith("GPT2LMHeadModel(")
                .contains("(0-5): 6 x GPT2Block(", "(generator): WrapperModule()");
    }

    @Test
    @SuppressWarnings("UnusedVariable") // the reader goes on with it
    void reading() {
        String word;
        // [reading]
        try (Scope scope = Scope.open()) {
            Proxy hidden;
            Proxy logits;
            try (Tracer trace = model.trace("<|endoftext|>People in Germany speak")) {
                hidden = model.get("transformer.h.3").output().get(0).save(); // [1, 6, 128]
                logits = model.get("lm_head").output().get(all(), -1).save(); // [1, 768]
                trace.run();
            }
            float[] values = hidden.tensor().toFloatArray();
            long next = logits.tensor().argmax(-1).toLongArray()[0];
            word = model.tokenizer().decode(new long[] {next}); // " German"
        }
        // [end]
        assertThat(word).isEqualTo(" German");
    }

    @Test
    void logitLens() {
        List<String> words = new ArrayList<>();
        // [logit lens]
        Envoy norm = model.get("transformer.ln_f");
        Envoy unembed = model.get("lm_head");
        List<Proxy> guesses = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            try (Tracer trace = model.trace("<|endoftext|>People in Germany speak")) {
                for (Envoy block : model.get("transformer.h")) {
                    Proxy last = block.output().get(0).get(all(), -1);
                    guesses.add(unembed.call(norm.call(last)).argmax(-1).save());
                }
                trace.run();
            }
            for (Proxy guess : guesses) {
                words.add(model.tokenizer().decode(guess.tensor().toLongArray()));
            }
        }
        // [end]
        assertThat(words).containsExactly(" speak", " speak", " speak", " speak", " felt", " German");
    }

    @Test
    void patching() {
        double probability;
        // [patching]
        Envoy block = model.get("transformer.h.3");
        long french = model.tokenizer().encodeWithoutSpecialTokens(" French").ids()[0];
        try (Scope scope = Scope.open()) {
            Proxy patched;
            try (Tracer trace = model.trace()) {
                Proxy clean;
                try (Invoker first = trace.invoke("<|endoftext|>People in France speak")) {
                    clean = block.output().get(0).get(all(), -1);
                }
                try (Invoker second = trace.invoke("<|endoftext|>People in Turkey speak")) {
                    block.output().get(0).at(all(), -1).set(clean);
                    Proxy logits = model.get("lm_head").output().get(all(), -1);
                    patched = Functions.softmax(logits, -1).get(0, french).save();
                }
                trace.run();
            }
            probability = (Double) patched.tensor().item();
        }
        // [end]
        assertThat(probability).isGreaterThan(0.9);
    }

    @Test
    void steering() {
        String word;
        // [steering]
        Envoy block = model.get("transformer.h.3");
        try (Scope scope = Scope.open()) {
            Proxy direction;
            try (Tracer trace = model.trace()) {
                Proxy good;
                try (Invoker one = trace.invoke("<|endoftext|>Ben said the meal was wonderful and left feeling")) {
                    good = block.output().get(0).get(all(), -1);
                }
                try (Invoker two = trace.invoke("<|endoftext|>Ben said the meal was terrible and left feeling")) {
                    direction = good.sub(block.output().get(0).get(all(), -1)).save();
                }
                trace.run();
            }

            Proxy next;
            try (Tracer trace = model.trace("<|endoftext|>Lucy said the film was boring and left feeling")) {
                block.output()
                        .get(0)
                        .at(all(), -1)
                        .change(hidden -> hidden.add(direction.tensor().mul(1.5)));
                next = model.get("lm_head").output().get(all(), -1).argmax(-1).save();
                trace.run();
            }
            word = model.tokenizer().decode(next.tensor().toLongArray()); // " happy", not " sad"
        }
        // [end]
        assertThat(word).isEqualTo(" happy");
    }

    @Test
    void ablation() {
        List<String> words = new ArrayList<>();
        // [ablation]
        for (int layer : new int[] {0, 5}) {
            try (Scope scope = Scope.open()) {
                Proxy next;
                try (Tracer trace =
                        model.trace("<|endoftext|>silver sugar candle window moon north violin paper silver")) {
                    Envoy attention = model.get("transformer.h." + layer + ".attn");
                    attention.output().get(0).at(all()).set(0);
                    next = model.get("lm_head")
                            .output()
                            .get(all(), -1)
                            .argmax(-1)
                            .save();
                    trace.run();
                }
                words.add(model.tokenizer().decode(next.tensor().toLongArray()));
            }
        }
        // [end]
        assertThat(words.get(0)).isNotEqualTo(" sugar");
        assertThat(words.get(1)).isEqualTo(" sugar");
    }

    @Test
    void gradients() {
        float[] perToken;
        // [gradients]
        try (Scope scope = Scope.open()) {
            Proxy saliency;
            try (Tracer trace = model.trace("<|endoftext|>People in Germany speak")) {
                Proxy hidden = model.get("transformer.h.0").output().get(0);
                saliency = hidden.mul(hidden.grad()).sum(-1).save(); // [1, 6]
                Proxy logits = model.get("lm_head").output().get(0, -1);
                logits.max().backward();
                trace.run();
            }
            perToken = saliency.tensor().toFloatArray();
        }
        // [end]
        assertThat(perToken).hasSize(6);
        assertThat(perToken[2] * perToken[2] + perToken[3] * perToken[3] + perToken[4] * perToken[4])
                .isPositive();
    }

    @Test
    void sessions() {
        List<?> probabilities;
        // [sessions]
        try (Scope scope = Scope.open()) {
            Proxy results;
            try (Session session = model.session()) {
                results = session.list().save();
                Proxy clean;
                try (Tracer trace = model.trace("<|endoftext|>Ben said the meal was wonderful and left feeling")) {
                    clean = model.get("transformer.h.3").output().get(0).get(all(), -1);
                    trace.run();
                }
                try (Loop loop = session.iter(List.of(0.0, 0.5, 1.0))) {
                    try (Tracer trace = model.trace("<|endoftext|>Ben said the meal was terrible and left feeling")) {
                        Proxy hidden = model.get("transformer.h.3").output().get(0);
                        Proxy mixed = clean.mul(loop.item())
                                .add(hidden.get(all(), -1).mul(loop.item().rsub(1.0)));
                        hidden.at(all(), -1).set(mixed);
                        Proxy logits = model.get("lm_head").output().get(0, -1);
                        results.call(
                                "append", Functions.softmax(logits, -1).max().item());
                        trace.run();
                    }
                    loop.run();
                }
                session.run();
            }
            probabilities = (List<?>) Objects.requireNonNull(results.value());
        }
        // [end]
        assertThat(probabilities)
                .hasSize(3)
                .allSatisfy(value -> assertThat((Double) value).isBetween(0.0, 1.0));
    }

    @Test
    void conditions() {
        double norm;
        // [conditions]
        try (Scope scope = Scope.open()) {
            Proxy after;
            try (Tracer trace = model.trace("<|endoftext|>3 plus 4 is")) {
                Proxy hidden = model.get("transformer.h.2").output().get(0);
                try (Condition large = trace.cond(hidden.norm(-1).max().gt(1.0))) {
                    hidden.at(all())
                            .change(h ->
                                    h.div(h.call("norm", Keywords.of("dim", -1).and("keepdim", true))));
                }
                after = model.get("transformer.h.2")
                        .output()
                        .get(0)
                        .norm(-1)
                        .max()
                        .save();
                trace.run();
            }
            norm = (Double) after.tensor().item();
        }
        // [end]
        assertThat(norm).isEqualTo(1.0, within(1e-5));
    }

    @Test
    void edits() {
        List<String> words = new ArrayList<>();
        // [edits]
        LanguageModel ablated;
        try (Editor<LanguageModel> edit = model.edit()) {
            model.get("transformer.h.0.attn").output().get(0).at(all()).set(0);
            ablated = edit.keep();
        }
        for (LanguageModel one : List.of(model, ablated)) {
            try (Scope scope = Scope.open()) {
                Proxy next;
                try (Tracer trace =
                        one.trace("<|endoftext|>silver sugar candle window moon north violin paper silver")) {
                    next = one.get("lm_head").output().get(all(), -1).argmax(-1).save();
                    trace.run();
                }
                words.add(model.tokenizer().decode(next.tensor().toLongArray()));
            }
        }
        // [end]
        assertThat(words.get(0)).isEqualTo(" sugar");
        assertThat(words.get(1)).isNotEqualTo(" sugar");
    }

    @Test
    void scanning() {
        Path directory = Fixtures.repositoryPath("conf/quickstart/model");
        long width;
        DType dtype;
        // [scanning]
        try (LanguageModel shapes = LanguageModel.openLazily(directory, LoadOptions.DEFAULT);
                Scan scan = shapes.scan("<|endoftext|>People in Germany speak")) {
            Proxy hidden = shapes.get("transformer.h.3").output().get(0);
            width = hidden.knownShape()[2]; // 128: no weight was read
            dtype = hidden.knownDtype();
        }
        // [end]
        assertThat(width).isEqualTo(128);
        assertThat(dtype).isEqualTo(DType.FLOAT32);
    }

    @Test
    void generating() {
        String text;
        List<String> steps = new ArrayList<>();
        // [generating]
        try (Scope scope = Scope.open()) {
            Proxy ids;
            List<Proxy> chosen = new ArrayList<>();
            try (Tracer trace = model.generate("<|endoftext|>People in Germany speak", 3)) {
                Envoy head = model.get("lm_head");
                for (int step = 0; step < 3; step++) {
                    chosen.add(head.output().get(all(), -1).argmax(-1).save());
                    head.next();
                }
                ids = model.get("generator").output().save(); // the prompt's ids and the new ones
                trace.run();
            }
            text = model.tokenizer().decodeSkippingSpecialTokens(ids.tensor().toLongArray());
            for (Proxy one : chosen) {
                steps.add(model.tokenizer().decode(one.tensor().toLongArray()));
            }
        }
        // [end]
        assertThat(text).isEqualTo("People in Germany speak German.");
        assertThat(steps).containsExactly(" German", ".", "<|endoftext|>");
    }

    @Test
    void modulesOfOnesOwn() {
        double sum;
        // [modules of one's own]
        Linear first = new Linear(2, 3, Linear.Bias.WITHOUT);
        Sequential net = new Sequential(first, Activation.ofTorch("ReLU"));
        try (Scope scope = Scope.open();
                TracedModule traced = TracedModule.over(net)) {
            first.weight().bind(Tensor.of(new float[] {1, 0, 0, 1, 1, 1}, 3, 2));
            Proxy total;
            try (Tracer trace = traced.trace(Tensor.of(new float[] {3, -4}, 1, 2))) {
                traced.get("0").setOutput(traced.get("0").output().abs());
                total = traced.get("1").output().sum().save();
                trace.run();
            }
            sum = (Double) total.tensor().item(); // 3 + 4 + 1
        }
        // [end]
        assertThat(sum).isEqualTo(8.0);
    }

    @Test
    void graphsAsData() {
        String json;
        // [graphs as data]
        try (Tracer trace = model.trace("<|endoftext|>People in Germany speak")) {
            model.get("transformer.h.0.attn").output().get(0).at(all()).set(0);
            model.get("lm_head").output().get(all(), -1).save();
            json = WireWriter.write(trace.block()); // nothing runs
        }
        // [end]
        assertThat(WireReader.read(json).graph().nodes()).hasSize(6);
    }
}
