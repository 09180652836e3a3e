package dev.tapline.benchmarks;

import java.util.List;

/// A table of twelve mixed columns, and how it is changed in transactions of a hundred rows:
/// seventy are inserted, twenty updated and ten deleted.
final class ChangingTable {
  private static final String CREATE =
      """
      CREATE TABLE changing (
        id bigint PRIMARY KEY, a int, b int, amount numeric(12,2), ratio float8, ok boolean,
        code text, note text, at timestamptz, day date, uid uuid, doc jsonb)
      """;

  private static final String CHANGE =
      """
      CREATE PROCEDURE change(transactions bigint) LANGUAGE plpgsql AS $$
      BEGIN
        FOR t IN 0 .. transactions - 1 LOOP
          INSERT INTO changing
            SELECT i, i % 1000, i * 7 % 100000, (i % 1000000) / 100.0, i / 3.0, i % 2 = 0,
                   'code-' || i % 500, repeat(md5(i::text), 2),
                   timestamptz '2026-01-01 00:00:00+00' + i * interval '1 second',
                   date '2026-01-01' + (i % 300)::int, md5(i::text)::uuid,
                   jsonb_build_object('k', i, 'v', md5(i::text))
            FROM generate_series(70 * t + 1, 70 * t + 70) i;
          UPDATE changing SET amount = amount + 1, note = note || 'x'
            WHERE id > 70 * t + 10 AND id <= 70 * t + 30;
          DELETE FROM changing WHERE id > 70 * t AND id <= 70 * t + 10;
          COMMIT;
        END LOOP;
      END $$
      """;

  private ChangingTable() {}

  /// Make the empty table, and `CALL change(TRANSACTIONS)`, which is to be called once.
  static List<String> statements() {
    return List.of(CREATE, CHANGE);
  }
}
