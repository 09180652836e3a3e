import org.jspecify.annotations.NullMarked;

/// A PostgreSQL server with a small shop in it, for `runtime demo`. The server's programs are no
/// part of the module: they are an archive in a folder that the caller names.
@NullMarked
module dev.tapline.demo {
  requires static org.jspecify;
  requires org.tukaani.xz;

  exports dev.tapline.demo to
      dev.tapline.cli;
}
