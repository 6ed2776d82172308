package io.sightline.job.table.files;

/**
 * What a claim's file says of the process that holds the directory.
 *
 * @param id unique
 * @param processStartedAt ISO-8601 instant
 * @param claimedAt ISO-8601 instant
 */
record ClaimRecord(String id, String host, long pid, String processStartedAt, String claimedAt) {
    static ClaimRecord fromJson(String json) {
        ClaimRecord record = StoredJson.read(json, ClaimRecord.class, "claim");
        if (record.id() == null || record.host() == null || record.processStartedAt() == null) {
            throw new IllegalArgumentException("not a claim: it has other keys");
        }
        return record;
    }

    @Override
    public String toString() {
        return "process " + pid + " on host " + host + ", since " + claimedAt;
    }
}
