/// What the system catalog says: tables, columns, types, encodings.
package dev.tapline.source.postgres.catalog;
