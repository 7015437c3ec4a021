"""Takes the serializers of confluent-kafka-python through a registry: URL and credentials as arguments.

Prints one line for each thing that worked, and fails at the first that did not.
"""

import sys

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    ServerConfig,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2

URL, CREDENTIALS = sys.argv[1:3]


def client():
    """A client that has cached nothing."""
    return SchemaRegistryClient({'url': URL, 'basic.auth.user.info': CREDENTIALS, 'max.retries': 0})


def context(topic):
    return SerializationContext(topic, MessageField.VALUE)


def worked(what):
    print(f'ok: {what}', flush=True)


def record(*fields):
    names = ','.join(fields)
    return '{ "type": "record", "name": "Order", "namespace": "shop", "fields": [' + names + '] }'


def avro():
    identity = '{ "name": "id", "type": "long" }'
    note = '{ "name": "note", "type": "string", "default": "none" }'
    written = AvroSerializer(client(), record(identity))({'id': 7}, context('py-avro'))
    assert AvroDeserializer(client())(written, context('py-avro')) == {'id': 7}
    worked('avro registers, writes and reads')

    again = AvroSerializer(client(), record(identity, note))({'id': 8, 'note': 'x'}, context('py-avro'))
    reader = AvroDeserializer(client(), record(identity, note))
    assert reader(written, context('py-avro')) == {'id': 7, 'note': 'none'}
    assert reader(again, context('py-avro')) == {'id': 8, 'note': 'x'}
    worked('avro evolves')

    latest = AvroSerializer(client(), conf={'auto.register.schemas': False, 'use.latest.version': True})
    assert latest({'id': 9, 'note': 'y'}, context('py-avro'))[1:5] == again[1:5]
    looked_up = AvroSerializer(client(), record(identity), conf={'auto.register.schemas': False})
    assert looked_up({'id': 9}, context('py-avro'))[1:5] == written[1:5]
    normalized = AvroSerializer(client(), record(identity), conf={'normalize.schemas': True})
    assert normalized({'id': 9}, context('py-avro'))[1:5] == written[1:5]
    worked('avro uses the latest version, looks up and normalizes')

    try:
        client().register_schema('py-avro-value', Schema(record('{ "name": "other", "type": "long" }'), 'AVRO'))
        raise AssertionError('an incompatible schema was registered')
    except SchemaRegistryError as error:
        assert (error.http_status_code, error.error_code) == (409, 409), error
    worked('avro is refused with 409')

    money = '{ "type": "record", "name": "Money", "namespace": "shop", "fields": [{ "name": "cents", "type": "int" }] }'
    client().register_schema('py-money', Schema(money, 'AVRO'))
    bill = Schema(record('{ "name": "total", "type": "shop.Money" }'), 'AVRO', [SchemaReference('shop.Money', 'py-money', 1)])
    paid = AvroSerializer(client(), bill)({'total': {'cents': 5}}, context('py-bill'))
    assert AvroDeserializer(client())(paid, context('py-bill')) == {'total': {'cents': 5}}
    worked('avro follows references')


def protobuf():
    pool = descriptor_pool.DescriptorPool()
    timestamp = descriptor_pb2.FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(timestamp)
    pool.Add(timestamp)
    integer, text, message = 3, 9, 11
    money = descriptor_pb2.FileDescriptorProto(name='shop/money.proto', package='shop', syntax='proto3')
    money.message_type.add(name='Money').field.add(name='cents', number=1, type=integer, label=1)
    pool.Add(money)
    bill = descriptor_pb2.FileDescriptorProto(name='shop/bill.proto', package='shop', syntax='proto3')
    bill.dependency.extend(['shop/money.proto', 'google/protobuf/timestamp.proto'])
    body = bill.message_type.add(name='Bill')
    body.field.add(name='id', number=1, type=text, label=1)
    body.field.add(name='total', number=2, type=message, type_name='.shop.Money', label=1)
    body.field.add(name='paid_at', number=3, type=message, type_name='.google.protobuf.Timestamp', label=1)
    pool.Add(bill)
    made = message_factory.GetMessageClass(pool.FindMessageTypeByName('shop.Bill'))
    sent = made(id='a')
    sent.total.cents = 5
    sent.paid_at.seconds = 1
    conf = {'use.deprecated.format': False}
    written = ProtobufSerializer(made, client(), conf)(sent, context('py-proto'))
    read = ProtobufDeserializer(made, conf, client())(written, context('py-proto'))
    assert read == sent, read
    worked('protobuf registers a descriptor with what it imports, writes and reads')

    lookup = ProtobufSerializer(made, client(), {**conf, 'auto.register.schemas': False})
    assert lookup(sent, context('py-proto'))[1:5] == written[1:5]
    assert client().get_versions('py-proto-value') == [1]
    worked('protobuf is found again')


def by_hand():
    '''What the test published on the registry's own path, spaced, ordered and commented as people write it.'''
    latest = lambda subject: client().get_latest_version(subject).schema_id.to_bytes(4, 'big')
    looks_up = {'auto.register.schemas': False}
    looked_up = AvroSerializer(client(), record('{ "name": "id", "type": "long" }'), conf=looks_up)
    assert looked_up({'id': 7}, context('py-hand-avro'))[1:5] == latest('py-hand-avro-value')

    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name='shop/order.proto', package='shop', syntax='proto3')
    body = file.message_type.add(name='Order')
    body.field.add(name='id', number=1, type=3, label=1)
    body.field.add(name='note', number=2, type=9, label=1)
    pool.Add(file)
    made = message_factory.GetMessageClass(pool.FindMessageTypeByName('shop.Order'))
    for conf in ({'auto.register.schemas': False}, {}):
        serializer = ProtobufSerializer(made, client(), {'use.deprecated.format': False, **conf})
        assert serializer(made(id=7), context('py-hand-proto'))[1:5] == latest('py-hand-proto-value')
    assert client().get_versions('py-hand-proto-value') == [1]

    schema = '{"type":"object","properties":{"id":{"type":"integer"}},"additionalProperties":false,"title":"Order"}'
    written = JSONSerializer(schema, client(), conf=looks_up)({'id': 7}, context('py-hand-json'))
    assert written[1:5] == latest('py-hand-json-value')
    worked('what was published by hand is found by its id')


def json():
    schema = '{ "title": "Order", "type": "object", "properties": { "id": { "type": "integer" } }, "required": ["id"], "additionalProperties": false }'
    written = JSONSerializer(schema, client())({'id': 3}, context('py-json'))
    assert JSONDeserializer(schema, schema_registry_client=client())(written, context('py-json')) == {'id': 3}
    assert JSONSerializer(schema, client(), conf={'auto.register.schemas': False})({'id': 3}, context('py-json')) == written
    worked('json registers, writes, reads and is found again')


def administration():
    administrator = client()
    schema = Schema('"string"', 'AVRO')
    identity = administrator.register_schema('py-life', schema)
    assert client().get_schema(identity).schema_str == '"string"'
    assert client().lookup_schema('py-life', schema).version == 1
    full = client().register_schema_full_response('py-life', schema)
    assert client().get_schema_by_guid(full.guid).schema_str == '"string"'
    assert client().get_schema_types() == ['JSON', 'PROTOBUF', 'AVRO']
    assert client().get_subjects_by_schema_id(identity) == ['py-life']
    assert client().get_schema_versions(identity)[0].version == 1
    assert 'py-life' in client().get_subjects()
    assert client().get_latest_version('py-life').version == 1
    assert client().get_referenced_by('py-life', 1) == []
    assert client().test_compatibility('py-life', Schema('"bytes"', 'AVRO'), 'latest') is True
    assert client().test_compatibility_all_versions('py-life', Schema('"long"', 'AVRO')) is False
    administrator.set_compatibility('py-life', 'NONE')
    assert client().get_compatibility('py-life') == 'NONE'
    administrator.set_config('py-life', ServerConfig(compatibility=ConfigCompatibilityLevel.FULL, compatibility_group='major'))
    assert client().get_config('py-life').compatibility_group == 'major'
    administrator.delete_config('py-life')
    assert client().get_global_mode() == 'READWRITE'
    administrator.update_mode('py-life', 'READONLY')
    assert client().get_mode('py-life') == 'READONLY'
    administrator.delete_mode('py-life')
    assert '.' in client().get_contexts()
    assert administrator.delete_version('py-life', 1) == 1
    assert administrator.delete_version('py-life', 1, permanent=True) == 1
    worked('ids, configs, modes and deletions answer as the client expects')


for part in (avro, protobuf, by_hand, json, administration):
    part()
