package io.sightline.job.extract;

import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.TokenSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The prompts of one batch as the tables know them, and their place in the padded tensors.
 *
 * @param width columns of the batch, pads included
 */
public record BatchRows(List<TokenizedPrompt> prompts, List<PromptRef> refs, TokenSpan[][] spans, int width) {
    static BatchRows of(List<TokenizedPrompt> prompts) {
        List<PromptRef> refs = new ArrayList<>(prompts.size());
        TokenSpan[][] spans = new TokenSpan[prompts.size()][];
        int width = 0;
        for (int i = 0; i < spans.length; i++) {
            TokenizedPrompt prompt = prompts.get(i);
            refs.add(new PromptRef(prompt.ordinal(), prompt.id()));
            spans[i] = spans(prompt);
            width = Math.max(width, prompt.width());
        }
        return new BatchRows(prompts, refs, spans, width);
    }

    private static TokenSpan[] spans(TokenizedPrompt prompt) {
        TokenSpan[] spans = new TokenSpan[prompt.ids().length];
        for (int invoke = 0; invoke < spans.length; invoke++) {
            spans[invoke] = TokenSpan.of(
                    0, ints(prompt.ids()[invoke]), prompt.tokens() == null ? null : prompt.tokens()[invoke]);
        }
        return spans;
    }

    static int[] ints(long[] ids) {
        int[] ints = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ints[i] = (int) ids[i];
        }
        return ints;
    }

    public int size() {
        return prompts.size();
    }

    int invokes() {
        return spans[0].length;
    }

    int length(int prompt, int invoke) {
        return prompts.get(prompt).ids()[invoke].length;
    }

    /** Token rows of the batch's tensors, invoke after invoke. */
    List<long[]> ids() {
        List<long[]> rows = new ArrayList<>(size() * invokes());
        for (int invoke = 0; invoke < invokes(); invoke++) {
            for (TokenizedPrompt prompt : prompts) {
                rows.add(prompt.ids()[invoke]);
            }
        }
        return rows;
    }

    /** The prompts that give {@code output} rows, by their place in the batch. */
    int[] wantedBy(Output output) {
        int[] wanted = new int[size()];
        int count = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (output.isWantedBy(prompts.get(i))) {
                wanted[count++] = i;
            }
        }
        return Arrays.copyOf(wanted, count);
    }
}
