/// The transactions of a server, and waiting for them to end.
package dev.tapline.source.postgres.activity;
