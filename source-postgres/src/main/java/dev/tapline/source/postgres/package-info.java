/// Reads PostgreSQL databases: the entry point, which hands out the parts below.
package dev.tapline.source.postgres;
