package io.sightline.job.probe;

import io.sightline.job.probe.fit.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Divides prompts into train, validation and test, class by class, and shuffles labels for the control task.
 *
 * <p>What is divided are contents, not prompts: prompts with the same text or ids share a content and always go together. Contents are ordered by a
 * hash of theirs and the seed, whatever the label, so that a prompt that one label tests on tends to be one that the others test on too.
 */
final class Splitter {
    private final ProbeFile.SplitRequest request;
    private final PromptContents contents;

    Splitter(ProbeFile.SplitRequest request, PromptContents contents) {
        this.request = request;
        this.contents = contents;
    }

    /**
     * @param stratumOfPrompt the class of each prompt (for numbers, a bin), -1 for prompts without a label
     */
    Label.Split split(int[] stratumOfPrompt) {
        byte[] partOfContent = new byte[contents.count()];
        int[] foldOfContent = new int[contents.count()];
        Arrays.fill(foldOfContent, -1);
        double owedToTest = 0;
        double owedToValidation = 0;
        int nextFold = 0;
        double validation = request.folds() > 0 ? 0 : request.validation();
        for (List<Integer> stratum : strata(stratumOfPrompt).values()) {
            int size = stratum.size();
            // What one class is too small for is owed by the next, so that many small classes give their share
            // together.
            int test = share(size * request.test() + owedToTest, size - 1);
            owedToTest = Math.min(size * request.test() + owedToTest - test, 0.5);
            int held = share(size * validation + owedToValidation, size - 1 - test);
            owedToValidation = Math.min(size * validation + owedToValidation - held, 0.5);
            for (int i = 0; i < size; i++) {
                int content = stratum.get(i);
                partOfContent[content] = (i < test ? Part.TEST : i < test + held ? Part.VALIDATION : Part.TRAIN).code();
                if (i >= test && request.folds() > 0) {
                    foldOfContent[content] = nextFold++ % request.folds();
                }
            }
        }
        return byPrompt(stratumOfPrompt, partOfContent, foldOfContent);
    }

    private static int share(double wanted, int most) {
        return (int) Math.max(0, Math.min(Math.round(wanted), most));
    }

    /** Contents by stratum, each in the order of its hash; a content's stratum is that of its first labelled prompt. */
    private TreeMap<Integer, List<Integer>> strata(int[] stratumOfPrompt) {
        TreeMap<Integer, List<Integer>> strata = new TreeMap<>();
        boolean[] seen = new boolean[contents.count()];
        for (int prompt = 0; prompt < stratumOfPrompt.length; prompt++) {
            int content = contents.of(prompt);
            if (stratumOfPrompt[prompt] >= 0 && !seen[content]) {
                seen[content] = true;
                strata.computeIfAbsent(stratumOfPrompt[prompt], s -> new ArrayList<>())
                        .add(content);
            }
        }
        strata.values().forEach(stratum -> stratum.sort(Comparator.comparingLong(this::order)));
        return strata;
    }

    private long order(int content) {
        return PromptContents.mix(contents.hash(content) ^ PromptContents.mix(request.seed() + 1));
    }

    private Label.Split byPrompt(int[] stratumOfPrompt, byte[] partOfContent, int[] foldOfContent) {
        byte[] parts = new byte[stratumOfPrompt.length];
        int[] folds = new int[stratumOfPrompt.length];
        for (int prompt = 0; prompt < parts.length; prompt++) {
            boolean labelled = stratumOfPrompt[prompt] >= 0;
            parts[prompt] = labelled ? partOfContent[contents.of(prompt)] : Part.UNUSED.code();
            folds[prompt] = labelled ? foldOfContent[contents.of(prompt)] : -1;
        }
        return new Label.Split(parts, folds);
    }

    /**
     * Where each prompt takes its label from in the control task: the first prompt of a content drawn without replacement among the contents of the
     * same part and fold, so that every part keeps its counts; -1 for prompts without a label.
     */
    int[] shuffledSources(Label.Split split) {
        Map<Integer, List<Integer>> firstPrompts = new TreeMap<>();
        int[] firstOfContent = new int[contents.count()];
        Arrays.fill(firstOfContent, -1);
        for (int prompt = 0; prompt < split.parts().length; prompt++) {
            if (split.partOf(prompt) != Part.UNUSED && firstOfContent[contents.of(prompt)] < 0) {
                firstOfContent[contents.of(prompt)] = prompt;
                firstPrompts
                        .computeIfAbsent(
                                split.parts()[prompt] + 4 * (split.folds()[prompt] + 1), k -> new ArrayList<>())
                        .add(prompt);
            }
        }
        int[] sourceOfContent = new int[contents.count()];
        Random random = new Random(PromptContents.mix(request.seed() + 2));
        for (List<Integer> prompts : firstPrompts.values()) {
            prompts.sort(Comparator.comparingLong(prompt -> order(contents.of(prompt))));
            List<Integer> drawn = new ArrayList<>(prompts);
            Collections.shuffle(drawn, random);
            for (int i = 0; i < drawn.size(); i++) {
                sourceOfContent[contents.of(prompts.get(i))] = drawn.get(i);
            }
        }
        int[] sources = new int[split.parts().length];
        Arrays.setAll(sources, p -> split.partOf(p) == Part.UNUSED ? -1 : sourceOfContent[contents.of(p)]);
        return sources;
    }
}
