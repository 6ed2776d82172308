package io.sightline.trace;
import io.sightline.checkpoint.ModelConfig; import io.sightline.engine.Device; import io.sightline.family.*; import io.sightline.interleave.*; import io.sightline.nn.Module; import java.nio.file.Path; import java.util.*;
public final class LanguageModel implements AutoCloseable, RunnableModel {
  private final PretrainedModel p; private LanguageModel(PretrainedModel p) { this.p = p; }
  public static LanguageModel open(Path d, LoadOptions o) { return new LanguageModel(PretrainedModel.open(d, o)); }
  public static LanguageModel openLazily(Path d, LoadOptions o) { return new LanguageModel(PretrainedModel.shapesOnly(d, o)); }
  public Module module() { return p.module(); } public Device device() { return p.device(); } public ModelConfig config() { return p.config(); }
  public Object envoy() { return p.module(); }
  public PreparedBatch prepare(List<Object> in) { throw new UnsupportedOperationException(); }
  public Object execute(PreparedBatch b, Map<String,Object> kw) { return p.module().call(b.args()); }
  public void close() { p.close(); }
}
