namespace Orleans.Pipeline;

/// <summary>The type of a value, or of a column, of a sink table.</summary>
public enum TableType
{
    /// <summary>No value. A column cannot have this type.</summary>
    Null,

    /// <summary>A 64-bit signed integer.</summary>
    Integer,

    /// <summary>A 64-bit IEEE 754 number.</summary>
    Real,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A point in time, in microseconds since 1970-01-01T00:00:00Z.</summary>
    Timestamp,
}

/// <summary>One value of a row. Numbers are not boxed.</summary>
public readonly struct TableValue : IEquatable<TableValue>
{
    private readonly object? _reference;
    private readonly long _bits;

    private TableValue(TableType type, long bits, object? reference)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>Gets the null value.</summary>
    public static TableValue Null => default;

    /// <summary>Gets the type of the value.</summary>
    public TableType Type { get; }

    /// <summary>
    /// Gets the integer. A <see cref="TableType.Boolean"/> is 0 or 1; a <see cref="TableType.Timestamp"/> is its microseconds since
    /// 1970-01-01T00:00:00Z.
    /// </summary>
    public long AsInteger => _bits;

    /// <summary>Gets the number.</summary>
    public double AsReal => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Gets the text.</summary>
    public string AsText => (string)_reference!;

    /// <summary>Gets the bytes.</summary>
    public byte[] AsBytes => (byte[])_reference!;

    /// <summary>Wraps an integer.</summary>
    /// <param name="value">The integer.</param>
    public static TableValue From(long value) => new(TableType.Integer, value, null);

    /// <summary>Wraps a number.</summary>
    /// <param name="value">The number.</param>
    public static TableValue From(double value) => new(TableType.Real, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>Wraps text. Null becomes <see cref="Null"/>.</summary>
    /// <param name="value">The text.</param>
    public static TableValue From(string? value) => value is null ? default : new(TableType.Text, 0, value);

    /// <summary>Wraps bytes. Null becomes <see cref="Null"/>.</summary>
    /// <param name="value">The bytes.</param>
    public static TableValue From(byte[]? value) => value is null ? default : new(TableType.Bytes, 0, value);

    /// <summary>Wraps a Boolean.</summary>
    /// <param name="value">The Boolean.</param>
    public static TableValue From(bool value) => new(TableType.Boolean, value ? 1 : 0, null);

    /// <summary>Wraps a point in time, truncated to microseconds.</summary>
    /// <param name="value">The point in time.</param>
    public static TableValue From(DateTimeOffset value) =>
        new(TableType.Timestamp, (value.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond, null);

    /// <summary>Adds two values of one numeric type. Null counts as zero.</summary>
    /// <param name="left">An integer, a number or null.</param>
    /// <param name="right">A value of the same type, or null.</param>
    /// <returns>The sum, limited to the range of its type, so that no record can stop a task.</returns>
    public static TableValue Sum(in TableValue left, in TableValue right) => (left.Type, right.Type) switch
    {
        (TableType.Integer, TableType.Integer) => From(SaturatingSum(left._bits, right._bits)),
        (TableType.Real, TableType.Real) => From(Math.Clamp(left.AsReal + right.AsReal, double.MinValue, double.MaxValue)),
        (_, TableType.Null) => left,
        (TableType.Null, _) => right,
        _ => throw new InvalidCastException($"A {left.Type} and a {right.Type} cannot be added."),
    };

    /// <inheritdoc />
    public bool Equals(TableValue other) =>
        Type == other.Type && _bits == other._bits && Type switch
        {
            TableType.Text => string.Equals(AsText, other.AsText, StringComparison.Ordinal),
            TableType.Bytes => AsBytes.AsSpan().SequenceEqual(other.AsBytes),
            _ => true,
        };

    /// <summary>Returns whether two values are of one type and equal.</summary>
    /// <param name="left">A value.</param>
    /// <param name="right">Another value.</param>
    public static bool operator ==(TableValue left, TableValue right) => left.Equals(right);

    /// <summary>Returns whether two values differ in type or value.</summary>
    /// <param name="left">A value.</param>
    /// <param name="right">Another value.</param>
    public static bool operator !=(TableValue left, TableValue right) => !left.Equals(right);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is TableValue other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => Type switch
    {
        TableType.Text => AsText.GetHashCode(StringComparison.Ordinal),
        TableType.Bytes => HashOf(AsBytes),
        _ => HashCode.Combine(Type, _bits),
    };

    /// <inheritdoc />
    public override string ToString() => Type switch
    {
        TableType.Null => "null",
        TableType.Text => AsText,
        TableType.Bytes => Convert.ToHexString(AsBytes),
        TableType.Real => AsReal.ToString(System.Globalization.CultureInfo.InvariantCulture),
        TableType.Boolean => _bits != 0 ? "true" : "false",
        TableType.Timestamp => DateTimeOffset.UnixEpoch.AddTicks(_bits * TimeSpan.TicksPerMicrosecond).ToString("O"),
        _ => _bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static long SaturatingSum(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) < 0 ? (left < 0 ? long.MinValue : long.MaxValue) : sum;
    }

    private static int HashOf(byte[] bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
