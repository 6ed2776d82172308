import static io.sightline.envoy.Index.all;

import io.sightline.engine.Scope;
import io.sightline.envoy.Proxy;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.Tracer;
import java.nio.file.Path;

/** What comes next, and what would without the attention of block 2? One batch, two invokes. */
class Ablation {
    public static void main(String[] args) {
        String prompt = "<|endoftext|>7 plus 2 is";
        try (LanguageModel model = LanguageModel.open(Path.of("conf/quickstart/model")); Scope scope = Scope.open()) {
            Proxy plain;
            Proxy edited;
            try (Tracer trace = model.trace()) {
                try (var invoke = trace.invoke(prompt)) {
                    plain = model.get("lm_head").output().get(all(), -1).argmax(-1).save();
                }
                try (var invoke = trace.invoke(prompt)) {
                    model.get("transformer.h.2.attn").output().get(0).at(all()).set(0);
                    edited = model.get("lm_head").output().get(all(), -1).argmax(-1).save();
                }
                trace.run();
            }
            System.out.println("as it is: " + model.tokenizer().decode(plain.tensor().toLongArray()));
            System.out.println("without:  " + model.tokenizer().decode(edited.tensor().toLongArray()));
        }
    }
}
