package io.sightline.job.table.write;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The key-value metadata of an activations file: the run's own entries, and {@code sightline.groups}, a JSON list of its groups. */
final class FileMetadata {
    private static final JsonMapper JSON = new JsonMapper();

    private FileMetadata() {}

    /** Each group's name, module, layer, io, dtype, rows and shape ({@code [768]}; {@code [-1]} if its vectors differ in length). */
    static Map<String, String> ofActivations(Map<String, String> run, List<GroupRows> groups) {
        ArrayNode list = JSON.createArrayNode();
        for (GroupRows rows : groups) {
            ActivationGroup group = rows.group();
            ObjectNode entry = list.addObject();
            entry.put("name", group.name()).put("module", group.module()).put("layer", group.layer());
            entry.put("io", group.io()).put("dtype", group.type().shortName()).put("rows", rows.rowCount());
            entry.putArray("shape").add(rows.width());
        }
        Map<String, String> metadata = new TreeMap<>(run);
        metadata.put("sightline.groups", list.toString());
        return metadata;
    }
}
