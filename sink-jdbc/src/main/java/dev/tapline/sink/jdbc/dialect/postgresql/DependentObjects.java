package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.sink.jdbc.dialect.api.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Objects that users have added to a table, and its privileges and comments.
final class DependentObjects {
  // The key, and PostgreSQL 18's constraints for NOT NULL, are this sink's own.
  private static final String EXTENDED =
      """
      SELECT 1 FROM pg_class t WHERE t.oid = ?::regclass AND (
        t.relrowsecurity OR t.reloptions IS NOT NULL OR EXISTS (
          SELECT 1 FROM pg_depend d
            LEFT JOIN pg_constraint c
              ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
            WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
              AND d.deptype IN ('n', 'a')
              AND (c.oid IS NULL OR c.contype NOT IN ('p', 'n') OR c.conrelid <> t.oid)))
      """;

  // Default privileges may have granted what had been revoked from the old table.
  private static final String REVOKE =
      """
      SELECT DISTINCT format('REVOKE ALL ON TABLE %2$s FROM %%s',
          CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
        FROM pg_class t, aclexplode(t.relacl) a
        WHERE t.oid = '%2$s'::regclass AND a.grantee <> t.relowner
      """;

  private static final String GRANT =
      """
      SELECT format('GRANT %%s%%s ON TABLE %2$s TO %%s%%s', a.privilege_type, a.columns,
          CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
          CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM (
          SELECT a.*, '' AS columns, t.relowner FROM pg_class t, aclexplode(t.relacl) a
            WHERE t.oid = '%1$s'::regclass
          UNION ALL
          SELECT a.*, format(' (%%I)', c.attname), t.relowner
            FROM pg_class t
              JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
              JOIN pg_attribute n ON n.attrelid = '%2$s'::regclass AND n.attname = c.attname
                AND NOT n.attisdropped,
              aclexplode(c.attacl) a
            WHERE t.oid = '%1$s'::regclass) a
        WHERE a.grantee <> a.relowner
      """;

  private static final String COMMENT =
      """
      SELECT CASE d.objsubid WHEN 0 THEN format('COMMENT ON TABLE %2$s IS %%L', d.description)
          ELSE format('COMMENT ON COLUMN %2$s.%%I IS %%L', c.attname, d.description) END
        FROM pg_description d
          LEFT JOIN pg_attribute c ON c.attrelid = d.objoid AND c.attnum = d.objsubid
          LEFT JOIN pg_attribute n ON n.attrelid = '%2$s'::regclass AND n.attname = c.attname
            AND NOT n.attisdropped
        WHERE d.classoid = 'pg_class'::regclass AND d.objoid = '%1$s'::regclass
          AND (d.objsubid = 0 OR n.attname IS NOT NULL)
      """;

  private DependentObjects() {}

  /// Returns true if anything would be dropped with the table.
  ///
  /// @param table its name, quoted
  static boolean exist(Connection connection, String table) throws SQLException {
    return Statements.any(connection, EXTENDED, table);
  }

  /// Statements that copy the privileges and comments of one table to another.
  static List<String> copyPrivileges(Connection connection, String from, String to)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    for (String query : List.of(REVOKE, GRANT, COMMENT)) {
      statements.addAll(Statements.texts(connection, query.formatted(literal(from), literal(to))));
    }
    return statements;
  }

  // Within a literal, and there within format's pattern; names of this sink have no percent sign.
  private static String literal(String name) {
    return name.replace("'", "''");
  }
}
