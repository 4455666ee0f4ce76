"$SOURCE_DIR/scripts/make-sample-image" --small shop.tar
