/// S3 as an [dev.tapline.files.objects.ObjectStore].
package dev.tapline.files.s3;
