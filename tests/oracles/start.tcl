# Runs one file of SQLite's TCL suite: testfixture start.tcl FILE [OPTION...]. The three commands of
# testfixture that open a file with fopen() go through Tcl instead, which sees the store's files.

proc hexio_read {file offset count} {
    set in [open $file rb]
    try {
        seek $in $offset
        return [string toupper [binary encode hex [read $in $count]]]
    } finally {
        close $in
    }
}

proc hexio_write {file offset hex} {
    set out [open $file r+b]
    try {
        seek $out $offset
        set bytes [binary decode hex $hex]
        puts -nonewline $out $bytes
        return [string length $bytes]
    } finally {
        close $out
    }
}

rename md5file md5file_on_disk

proc md5file {file args} {
    file copy -force $file copied-for-md5
    try {
        return [md5file_on_disk copied-for-md5 {*}$args]
    } finally {
        file delete copied-for-md5
    }
}

# Clients of do_multiclient_test are connections of this process only: another one cannot see the
# memory of the store. The suite leaves them out under valgrind too.
set ::G(valgrind) 1

set argv0 [lindex $argv 0]
set argv [lrange $argv 1 end]
source $argv0
