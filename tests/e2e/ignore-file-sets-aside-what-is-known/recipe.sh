echo "int main(void){return 0;}" > x.c
mkdir root && gcc -o root/tool x.c && cp root/tool root/other
cat > .muslcheckignore.json <<"END"
{"ignore": [
  {"rule": "MC101", "path": "/tool", "reason": "only used while building"},
  {"rule": "missing-loader", "path": "other", "reason": "to be replaced by the vendor", "expires": "2020-12-31"}
]}
END
