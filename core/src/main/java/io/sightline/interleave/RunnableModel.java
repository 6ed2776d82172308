package io.sightline.interleave;
import io.sightline.engine.Device; import io.sightline.nn.Module; import java.util.List; import java.util.Map;
public interface RunnableModel { Module module(); Device device(); PreparedBatch prepare(List<Object> in); Object execute(PreparedBatch b, Map<String,Object> kw); }
