using System.Buffers.Text;
using System.Text;

namespace AccessLog;

/// <summary>Reads a line of the combined log format, field by field, and reports where it departs from the format.</summary>
internal ref struct LineCursor(ReadOnlySpan<byte> line)
{
    private const string TimeFormat = "17/May/2015:10:05:03 +0000";

    private readonly ReadOnlySpan<byte> _line = line;
    private int _position;

    private readonly ReadOnlySpan<byte> Rest => _line[_position..];

    /// <summary>Takes the text before the next space, and the space.</summary>
    public Range TakeWord(string field)
    {
        var length = Rest.IndexOf((byte)' ');
        if (length <= 0)
        {
            throw length == 0 ? Fault($"the {field} is empty") : CutOff(field, _position);
        }

        var start = _position;
        _position += length + 1;
        return start..(start + length);
    }

    /// <summary>Takes the text before the closing quote, and the quote. A quote within the field has a backslash before it.</summary>
    public Range TakeQuoted(string field)
    {
        var start = _position;
        while (true)
        {
            var length = Rest.IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0 || (Rest[length] == '\\' && length + 1 == Rest.Length))
            {
                throw CutOff(field, start);
            }

            _position += length + 1;
            if (_line[_position - 1] == '"')
            {
                return start..(_position - 1);
            }

            _position++;
        }
    }

    /// <summary>Takes a status: three digits, of which the first is 1 to 5.</summary>
    public int TakeStatus()
    {
        if (!Utf8Parser.TryParse(Rest, out int status, out var length) || length != 3 || status is < 100 or > 599)
        {
            throw Rest.IsEmpty ? CutOff("status", _position) : Fault("the status is not a number from 100 to 599");
        }

        _position += length;
        return status;
    }

    /// <summary>Takes a number of bytes; a dash counts 0.</summary>
    public long TakeBytes()
    {
        if (Rest is [(byte)'-', ..])
        {
            _position++;
            return 0;
        }

        if (Rest.IsEmpty || !char.IsAsciiDigit((char)Rest[0]) || !Utf8Parser.TryParse(Rest, out long bytes, out var length))
        {
            throw Rest.IsEmpty ? CutOff("number of bytes", _position) : Fault("the number of bytes is neither a number nor a dash");
        }

        _position += length;
        return bytes;
    }

    /// <summary>Takes a time such as <c>17/May/2015:10:05:03 +0000</c>.</summary>
    public DateTimeOffset TakeTime()
    {
        var text = Rest;
        if (text.Length < TimeFormat.Length)
        {
            throw CutOff("time", _position);
        }

        var (year, month, day) = (Digits(text[7..11]), MonthOf(text[3..6]), Digits(text[..2]));
        var (hour, minute, second) = (Digits(text[12..14]), Digits(text[15..17]), Digits(text[18..20]));
        var (zoneHour, zoneMinute) = (Digits(text[22..24]), Digits(text[24..26]));
        var zone = new TimeSpan(zoneHour, zoneMinute, 0);
        var separated = text[2] == '/'
            && text[6] == '/'
            && text[11] == ':'
            && text[14] == ':'
            && text[17] == ':'
            && text[20] == ' '
            && text[21] is (byte)'+' or (byte)'-';
        if (!separated || month < 1 || year is < 1900 or > 9998 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || zoneHour < 0 || zoneMinute is < 0 or > 59 || zone.TotalHours > 14)
        {
            throw Fault($"the time '{Encoding.ASCII.GetString(text[..TimeFormat.Length])}' is not one like '{TimeFormat}'");
        }

        _position += TimeFormat.Length;
        return new DateTimeOffset(year, month, day, hour, minute, second, text[21] == '-' ? -zone : zone);
    }

    /// <summary>Skips the separator that must follow a field.</summary>
    public void Skip(ReadOnlySpan<byte> separator, string after)
    {
        if (!Rest.StartsWith(separator))
        {
            throw separator.StartsWith(Rest)
                ? CutOff($"behind the {after}")
                : Fault($"the {after} is not followed by '{Encoding.ASCII.GetString(separator)}'");
        }

        _position += separator.Length;
    }

    /// <summary>Skips a field that may hold spaces, and the separator that ends it.</summary>
    public void SkipPast(ReadOnlySpan<byte> separator, string field, string wanted)
    {
        var length = Rest.IndexOf(separator);
        if (length <= 0)
        {
            throw Fault(length == 0 ? $"the {field} is empty" : $"the {wanted} is missing behind the {field}");
        }

        _position += length + separator.Length;
    }

    /// <summary>Requires the end of the line; a carriage return may remain.</summary>
    public readonly void End(string after)
    {
        if (Rest is not [] and not [(byte)'\r'])
        {
            throw Fault($"something follows the {after}");
        }
    }

    /// <summary>The number of the digits, or -1 if one is no digit.</summary>
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit((char)character))
            {
                return -1;
            }

            number = (number * 10) + (character - '0');
        }

        return number;
    }

    private static int MonthOf(ReadOnlySpan<byte> name)
    {
        var place = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(name);
        return place % 3 == 0 ? (place / 3) + 1 : 0;
    }

    private readonly FormatException CutOff(string field, int start) => CutOff($"in the {field} that begins at byte {start}");

    private readonly FormatException CutOff(string place) =>
        new($"The line is not in the combined log format: it is cut off at byte {_line.Length}, {place}.");

    private readonly FormatException Fault(string fault) =>
        new($"The line is not in the combined log format: at byte {_position}, {fault}.");
}
