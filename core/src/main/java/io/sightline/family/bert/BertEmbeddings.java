package io.sightline.family.bert;

import io.sightline.engine.DType;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.DecoderCall;
import io.sightline.family.parts.LearnedPositions;
import io.sightline.nn.Args;
import io.sightline.nn.Dropout;
import io.sightline.nn.Embedding;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Module;
import org.jspecify.annotations.Nullable;

/** Words, token types and positions, added and normed: ids {@code [batch, seq] → [batch, seq, hidden]}. */
final class BertEmbeddings extends Module {
    private final int limit;
    private final Embedding words;
    private final Embedding positions;
    private final Embedding types;
    private final LayerNorm norm;
    private final Dropout dropout;

    BertEmbeddings(BertSettings settings) {
        limit = settings.positions();
        words = child("word_embeddings", new Embedding(settings.vocabulary(), settings.width(), settings.paddingId()));
        positions = child("position_embeddings", new Embedding(settings.positions(), settings.width()));
        types = child("token_type_embeddings", new Embedding(settings.types(), settings.width()));
        norm = child("LayerNorm", settings.norm());
        dropout = child("dropout", new Dropout(settings.dropout()));
    }

    @Override
    protected Object forward(Args args) {
        DecoderCall call = DecoderCall.of(args);
        Tensor word = call.embeddings(words);
        LearnedPositions.checkRoom(word.size(1), limit, "max_position_embeddings");
        Tensor type = types.call(orZeros(args.optionalTensor("token_type_ids"), word));
        Tensor sum = word.add(type);
        Tensor placed = positions.call(call.positionIds(DecoderCall.cachePositions(0, word)));
        return dropout.call(norm.call(sum.add(placed)));
    }

    private static Tensor orZeros(@Nullable Tensor given, Tensor word) {
        return given != null ? given : Tensor.zeros(DType.INT64, word.device(), word.size(0), word.size(1));
    }
}
