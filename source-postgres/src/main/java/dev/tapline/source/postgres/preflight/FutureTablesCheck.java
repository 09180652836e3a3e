package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Checks whether the user may read the tables that the owners of the selected ones will create
/// later: a pattern selects them without anybody thinking of a GRANT.
final class FutureTablesCheck implements Check {
  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    Set<String> schemas = new TreeSet<>();
    streams.forEach(stream -> schemas.add(stream.name().namespace()));
    if (schemas.isEmpty()) {
      return List.of();
    }
    String names = schemas.stream().map(Quote::text).collect(Collectors.joining(","));
    String user = Quote.name(session.user());
    CatalogText text = CatalogText.of(session);
    return session.query(
        // Whoever is the owner, or a member of the owner's role, or of pg_read_all_data, needs no
        // grant.
        """
        SELECT DISTINCT %s, %s
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
        WHERE n.nspname IN (%s) AND c.relkind IN ('r', 'p')
          AND NOT pg_catalog.pg_has_role(current_user, o.oid, 'USAGE')
          AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
          AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_roles r
            WHERE r.rolname = 'pg_read_all_data' AND pg_catalog.pg_has_role(current_user, r.oid, 'USAGE'))
          AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) a
            WHERE d.defaclrole = o.oid AND d.defaclnamespace IN (0, n.oid) AND d.defaclobjtype = 'r'
              AND a.privilege_type = 'SELECT'
              AND (a.grantee = 0 OR pg_catalog.pg_has_role(current_user, a.grantee, 'USAGE')))
        ORDER BY 1, 2
        """
            .formatted(text.sql("n.nspname"), text.sql("o.rolname"), names),
        row -> {
          String schema = Quote.name(text.read(row, 1));
          String owner = Quote.name(text.read(row, 2));
          return Finding.warning(
              "default privileges",
              "tables that %s makes in schema %s from now on cannot be read by the user"
                  .formatted(owner, schema),
              "ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %s GRANT SELECT ON TABLES TO %s;"
                  .formatted(owner, schema, user));
        });
  }
}
