import org.jspecify.annotations.NullMarked;

/// Sinks' files in S3, and in whatever speaks its language. A plug-in that uses it brings it along
/// in its folder, with the SDK.
@NullMarked
module dev.tapline.files.s3 {
  requires transitive dev.tapline.files;
  requires transitive dev.tapline.spi;
  requires static org.jspecify;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.utils;

  exports dev.tapline.files.s3;
}
