import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEntities, maskEntities } from './entities.ts';
import { entityTypes } from './entity-types.ts';
import { isChineseId, isHongKongId, passesLuhn } from './entity-checks.ts';

const found = (text: string) => findEntities(text).map(({ type, quote, value }) => [type, quote, value]);

describe('findEntities', () => {
  it.each([
    ['It costs $15 or fifteen dollars.', [['money', '$15', 'USD 15'], ['money', 'fifteen dollars', 'USD 15']]],
    ['运费１５块，退三百五十元', [['money', '１５块', 'CNY 15'], ['money', '三百五十元', 'CNY 350']]],
    ['within thirty days, at half past', [['duration', 'thirty days', '30 day']]],
    ['三十天内，晚上八点半', [['duration', '三十天', '30 day'], ['time', '晚上八点半', '20:30']]],
    ['We open at 8 am.', [['time', '8 am', '08:00']]],
    ['On May 30th, 2026 or 2026-05-30', [['date', 'May 30th, 2026', '2026-05-30'], ['date', '2026-05-30', '2026-05-30']]],
    ['the twenty-first of June and 31 April', [['date', 'twenty-first of June', '--06-21']]],
    ['05/30/2026, 03/04/2026, 45/45/2026', [['date', '05/30/2026', '2026-05-30'], ['date', '03/04/2026', null]]],
    ['二〇二六年五月三十日，5月30号，明天', [['date', '二〇二六年五月三十日', '2026-05-30'], ['date', '5月30号', '--05-30'], ['date', '明天', null]]],
    ['next Monday', [['date', 'next Monday', null]]],
    ['我手机号是138 0013 8000，24小时', [['phone', '138 0013 8000', '13800138000'], ['duration', '24小时', '24 hour']]],
    ['电话一三八零零幺三八零零零', [['phone', '一三八零零幺三八零零零', '13800138000']]],
    ['call me on five five five, one two three, double four one two', [['phone', 'five five five, one two three, double four one two', '5551234412']]],
    ['(212) 555-0182 or +44 20 7946 0018', [['phone', '(212) 555-0182', '2125550182'], ['phone', '+44 20 7946 0018', '+442079460018']]],
    ['拨打400-820-8820，021-62345678', [['phone', '400-820-8820', '4008208820'], ['phone', '021-62345678', '02162345678']]],
    ['身份证11010519491231002X', [['idNumber', '11010519491231002X', '11010519491231002x']]],
    ['身份证号110105194912310021', [['idNumber', '110105194912310021', '110105194912310021']]],
    ['my social is 536-22-1234, A123456(3), AB 12 34 56 C', [['idNumber', '536-22-1234', '536221234'], ['idNumber', 'A123456(3)', 'A1234563'], ['idNumber', 'AB 12 34 56 C', 'AB123456C']]],
    ['4111 1111 1111 1111 and 4111 1111 1111 1112', [['bankCard', '4111 1111 1111 1111', '4111111111111111']]],
    ['卡号六二二二零二一二三四五六七八九零', [['bankCard', '六二二二零二一二三四五六七八九零', '6222021234567890']]],
    ['Your order number is A-10293, ticket 88123', [['orderNumber', 'A-10293', 'A-10293'], ['orderNumber', '88123', '88123']]],
    ['订单号是DD20260530，快递单号 7788990011', [['orderNumber', 'DD20260530', 'DD20260530'], ['orderNumber', '7788990011', '7788990011']]],
    ['Write to Jane.Doe@Example.com or jane dot doe at example dot com', [['email', 'Jane.Doe@Example.com', 'jane.doe@example.com'], ['email', 'jane dot doe at example dot com', 'jane.doe@example.com']]],
    ['see https://example.com/a?b=1.', [['url', 'https://example.com/a?b=1', 'https://example.com/a?b=1']]],
    ['My name is Anna Lee and this is wrong', [['person', 'Anna Lee', 'Anna Lee']]],
    ['my name is anna how are you', [['person', 'anna', 'anna']]],
    ['this is Bo Chen, Mr. Smith', [['person', 'Bo Chen', 'Bo Chen'], ['person', 'Mr. Smith', 'Mr. Smith']]],
    ['我叫王小明，免贵姓李，张先生您好', [['person', '王小明', '王小明'], ['person', '李', '李'], ['person', '张先生', '张先生']]],
    ['沪A·12345，京AD12345', [['plate', '沪A·12345', '沪A12345'], ['plate', '京AD12345', '京AD12345']]],
    ['寄到上海市浦东新区世纪大道100号', [['address', '上海市浦东新区世纪大道100号', '上海市浦东新区世纪大道100号']]],
    ['at 12 High Street please', [['address', '12 High Street', '12 High Street']]],
    ['I want three of them, version 1.5, 192.168.10.1, 我等了三十多次', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  }); // prettier-ignore

  it('confirms what carries a checksum or is in the calendar', () => {
    const checked = (text: string) => findEntities(text).map((one) => one.checked);
    expect(checked('身份证11010519491231002X 身份证110105194912310021')).toEqual([true, false]);
    expect(checked('4111 1111 1111 1111; card number 4111 1111 1111 1112')).toEqual([true, false]);
    expect(checked('2026-05-30, 5月30日')).toEqual([true, false]);
  });

  it('knows the checksums', () => {
    expect([passesLuhn('79927398713'), passesLuhn('79927398710'), passesLuhn('')]).toEqual([true, false, false]);
    expect([isChineseId('11010519491231002x'), isChineseId('11010519490231002x')]).toEqual([true, false]);
    expect([isHongKongId('a', '123456', '3'), isHongKongId('a', '123456', '4')]).toEqual([true, false]);
  });

  it('gives ordered, disjoint, exact spans for any text, and masks without moving anything', () => {
    const piece = fc.oneof(
      fc.constantFrom('1', '380013', '-', ' ', '(', '.', '零', '三', '月', '号', '@', 'a.com', 'Ｘ', 'one ', '王', '先生', '𠮷', '\u200b', 'my name is ', 'May ', '我叫', '块', '路', '沪A', '年', '订单号', '/'), // prettier-ignore
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 16 }).map((parts) => parts.join('')),
        (text) => {
          let end = 0;
          for (const one of findEntities(text)) {
            expect(entityTypes).toContain(one.type);
            expect(one.start).toBeGreaterThanOrEqual(end);
            expect(one.end).toBeGreaterThan(one.start);
            expect(one.quote).toBe(text.slice(one.start, one.end));
            end = one.end;
          }
          expect(end).toBeLessThanOrEqual(text.length);
          expect(maskEntities(text)).toHaveLength(text.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads a hostile text without end in one walk', () => {
    for (const part of ['1 ', 'a.', 'one ', '三', 'a@', 'my name is ', '市', '1-', 'www.', '5月'])
      expect(findEntities(part.repeat(1_000)).length).toBeGreaterThanOrEqual(0);
  });

  it('masks what identifies a person and leaves the rest', () => {
    expect(maskEntities('卡号4111 1111 1111 1111，退30元，a@b.com')).toBe('卡号**** **** **** ****，退30元，*@*.***');
  });
});
