/// What was true of server, publication and tables when a position was taken, and what follows when
/// it no longer is: a position in a log means something only as long as these hold.
@NullMarked
package dev.tapline.source.postgres.replication.facts;

import org.jspecify.annotations.NullMarked;
