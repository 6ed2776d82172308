package io.sightline.envoy;

import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import io.sightline.nn.WrapperModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small module trees with what makes trees hard. */
final class Nets {
    private Nets() {}

    /** A module with children named as an Envoy's own members are, such as BERT's attention has. */
    static final class Clashing extends Module {
        Clashing() {
            child("self", new WrapperModule());
            child("output", new Linear(2, 2, Linear.Bias.WITH));
            child("path", new WrapperModule());
        }

        @Override
        protected @Nullable Object forward(Args args) {
            return args.tensor();
        }
    }

    static final class Layers extends Module {
        Layers() {
            child("embed", new Linear(3, 2, Linear.Bias.WITHOUT));
            child(
                    "layers",
                    new ModuleList(List.of(
                            new Linear(2, 2, Linear.Bias.WITH),
                            new Linear(2, 2, Linear.Bias.WITH),
                            new Linear(2, 4, Linear.Bias.WITH),
                            new Linear(2, 2, Linear.Bias.WITH))));
            child("one", new Clashing());
            child("two", new Clashing());
        }

        @Override
        protected @Nullable Object forward(Args args) {
            return args.tensor();
        }
    }
}
