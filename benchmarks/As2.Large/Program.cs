using As2.Large;

// large-out FOLDER FILE [OUT [STREAMS]], large-in FOLDER FILE [- [STREAMS]]: what eng/large.sh measures, compiled natively as openssl is.
return args[0] == "large-out" ? LargeStream.Out(args[1..]) : LargeStream.In(args[1..]);
