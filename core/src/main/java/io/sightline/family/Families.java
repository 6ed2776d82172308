package io.sightline.family;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.bert.BertFamily;
import io.sightline.family.decoder.Cohere2Family;
import io.sightline.family.decoder.CohereFamily;
import io.sightline.family.decoder.Gemma2Family;
import io.sightline.family.decoder.Gemma3Family;
import io.sightline.family.decoder.GemmaFamily;
import io.sightline.family.decoder.Glm4Family;
import io.sightline.family.decoder.Gpt2Family;
import io.sightline.family.decoder.GptJFamily;
import io.sightline.family.decoder.GptNeoFamily;
import io.sightline.family.decoder.GptNeoxFamily;
import io.sightline.family.decoder.GraniteFamily;
import io.sightline.family.decoder.LlamaFamily;
import io.sightline.family.decoder.MistralFamily;
import io.sightline.family.decoder.MixtralFamily;
import io.sightline.family.decoder.Olmo2Family;
import io.sightline.family.decoder.Olmo3Family;
import io.sightline.family.decoder.OlmoFamily;
import io.sightline.family.decoder.OlmoeFamily;
import io.sightline.family.decoder.Phi3Family;
import io.sightline.family.decoder.PhiFamily;
import io.sightline.family.decoder.Qwen2Family;
import io.sightline.family.decoder.Qwen2MoeFamily;
import io.sightline.family.decoder.Qwen3Family;
import io.sightline.family.decoder.Qwen3MoeFamily;
import io.sightline.family.decoder.SmolLm3Family;
import io.sightline.family.decoder.StableLmFamily;
import io.sightline.family.decoder.Starcoder2Family;
import io.sightline.family.opt.OptFamily;
import io.sightline.family.parts.Family;
import io.sightline.spelling.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;

/** The architectures that can be opened: those that jars on the class path add, then the built-in ones below. */
public final class Families {
    private static final List<Family> BUILT_IN = List.of(
            new BertFamily(),
            new GptNeoFamily(),
            new OlmoeFamily(),
            new Qwen2MoeFamily(),
            new Cohere2Family(),
            new CohereFamily(),
            new Gemma3Family(),
            new Glm4Family(),
            new GptJFamily(),
            new GraniteFamily(),
            new Olmo2Family(),
            new Olmo3Family(),
            new OlmoFamily(),
            new PhiFamily(),
            new SmolLm3Family(),
            new StableLmFamily(),
            new Starcoder2Family(),
            new GemmaFamily(),
            new Gemma2Family(),
            new Gpt2Family(),
            new GptNeoxFamily(),
            new LlamaFamily(),
            new MistralFamily(),
            new MixtralFamily(),
            new OptFamily(),
            new Phi3Family(),
            new Qwen2Family(),
            new Qwen3Family(),
            new Qwen3MoeFamily());

    private Families() {}

    /** Every {@code model_type} there is a family for. */
    public static SortedSet<String> supported() {
        SortedSet<String> types = new TreeSet<>();
        all().forEach(family -> types.addAll(family.modelTypes()));
        return types;
    }

    /**
     * The family of a config.
     *
     * @throws IllegalArgumentException if there is none, with the supported types and the nearest
     */
    static Family of(ModelConfig config) {
        String type = config.modelType();
        if (type.isEmpty()) {
            throw config.error("it has no model_type, so its architecture is unknown; supported: " + list());
        }
        return all().stream()
                .filter(family -> family.modelTypes().contains(type))
                .findFirst()
                .orElseThrow(() -> config.error("model_type '" + type + "' is not supported"
                        + Nearest.hint(type, supported())
                        + "; supported: " + list() + "; a jar can add one, see io.sightline.family.parts.Family"));
    }

    private static List<Family> all() {
        List<Family> all = new ArrayList<>();
        ServiceLoader.load(Family.class).forEach(all::add);
        all.addAll(BUILT_IN);
        return all;
    }

    private static String list() {
        return String.join(", ", supported());
    }
}
