-- What the model answers, and what it answers without the attention of block 2.
-- Token ids are spelled by the tokens that occur in the prompts; of others the id itself is shown.
WITH words AS (
  SELECT DISTINCT word.input_ids AS id, replace(word.tokens, 'Ġ', ' ') AS token
  FROM prompts LATERAL VIEW explode(arrays_zip(input_ids, tokens)) AS word
), answers AS (
  SELECT prompt_id,
         max(value[0]) FILTER (WHERE name = 'plain_top1') AS plain,
         max(value[0]) FILTER (WHERE name = 'edited_top1') AS edited
  FROM values GROUP BY prompt_id
)
SELECT task, text, answer,
       coalesce(before.token, concat('#', int(plain))) AS plain,
       coalesce(after.token, concat('#', int(edited))) AS edited
FROM answers JOIN prompts USING (prompt_id)
  LEFT JOIN words before ON before.id = plain
  LEFT JOIN words after ON after.id = edited
WHERE plain <> edited
ORDER BY xxhash64(prompt_id)
LIMIT 10;
